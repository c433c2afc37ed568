"""For aiosmtpd (Debian's python3-aiosmtpd): keeps each mail as a file of a folder.

While a file `hold` lies in the folder, mails are kept but not answered: their sender does not know whether they have arrived.
"""

import asyncio
import itertools
import os
import pathlib


class KeepingHandler:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.numbers = itertools.count(1)

    @classmethod
    def from_cli(cls, parser, *arguments):
        if len(arguments) != 1:
            parser.error("the folder for the mails is the one argument")
        return cls(arguments[0])

    async def handle_DATA(self, server, session, envelope):
        name = f"{next(self.numbers):05}"
        partial = self.folder / f"{name}.partial"
        partial.write_bytes(envelope.content)
        os.rename(partial, self.folder / f"{name}.eml")
        for _ in range(3000):
            if not (self.folder / "hold").exists():
                return "250 kept"
            await asyncio.sleep(0.01)
        return "451 nobody let go of the mail"
