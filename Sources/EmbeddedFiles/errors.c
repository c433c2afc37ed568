// Written by scripts/error-pages: what each code means, for `signalbox check --explain`.
#include "include/EmbeddedFiles.h"

static const unsigned char SB1001[] = {
#embed "../../docs/errors/SB1001.md"
};
static const unsigned char SB1002[] = {
#embed "../../docs/errors/SB1002.md"
};
static const unsigned char SB1003[] = {
#embed "../../docs/errors/SB1003.md"
};
static const unsigned char SB1004[] = {
#embed "../../docs/errors/SB1004.md"
};
static const unsigned char SB1005[] = {
#embed "../../docs/errors/SB1005.md"
};
static const unsigned char SB1006[] = {
#embed "../../docs/errors/SB1006.md"
};
static const unsigned char SB1007[] = {
#embed "../../docs/errors/SB1007.md"
};
static const unsigned char SB1008[] = {
#embed "../../docs/errors/SB1008.md"
};
static const unsigned char SB1009[] = {
#embed "../../docs/errors/SB1009.md"
};
static const unsigned char SB1010[] = {
#embed "../../docs/errors/SB1010.md"
};
static const unsigned char SB1011[] = {
#embed "../../docs/errors/SB1011.md"
};
static const unsigned char SB1012[] = {
#embed "../../docs/errors/SB1012.md"
};
static const unsigned char SB1013[] = {
#embed "../../docs/errors/SB1013.md"
};
static const unsigned char SB1014[] = {
#embed "../../docs/errors/SB1014.md"
};
static const unsigned char SB1015[] = {
#embed "../../docs/errors/SB1015.md"
};
static const unsigned char SB1020[] = {
#embed "../../docs/errors/SB1020.md"
};
static const unsigned char SB1021[] = {
#embed "../../docs/errors/SB1021.md"
};
static const unsigned char SB1022[] = {
#embed "../../docs/errors/SB1022.md"
};
static const unsigned char SB1023[] = {
#embed "../../docs/errors/SB1023.md"
};
static const unsigned char SB1024[] = {
#embed "../../docs/errors/SB1024.md"
};
static const unsigned char SB1025[] = {
#embed "../../docs/errors/SB1025.md"
};
static const unsigned char SB1026[] = {
#embed "../../docs/errors/SB1026.md"
};
static const unsigned char SB1027[] = {
#embed "../../docs/errors/SB1027.md"
};
static const unsigned char SB1028[] = {
#embed "../../docs/errors/SB1028.md"
};
static const unsigned char SB1029[] = {
#embed "../../docs/errors/SB1029.md"
};
static const unsigned char SB1030[] = {
#embed "../../docs/errors/SB1030.md"
};
static const unsigned char SB1031[] = {
#embed "../../docs/errors/SB1031.md"
};
static const unsigned char SB1032[] = {
#embed "../../docs/errors/SB1032.md"
};
static const unsigned char SB1033[] = {
#embed "../../docs/errors/SB1033.md"
};
static const unsigned char SB1034[] = {
#embed "../../docs/errors/SB1034.md"
};
static const unsigned char SB1101[] = {
#embed "../../docs/errors/SB1101.md"
};
static const unsigned char SB1102[] = {
#embed "../../docs/errors/SB1102.md"
};
static const unsigned char SB1103[] = {
#embed "../../docs/errors/SB1103.md"
};
static const unsigned char SB1104[] = {
#embed "../../docs/errors/SB1104.md"
};
static const unsigned char SB1105[] = {
#embed "../../docs/errors/SB1105.md"
};
static const unsigned char SB1106[] = {
#embed "../../docs/errors/SB1106.md"
};
static const unsigned char SB1107[] = {
#embed "../../docs/errors/SB1107.md"
};
static const unsigned char SB1108[] = {
#embed "../../docs/errors/SB1108.md"
};
static const unsigned char SB1109[] = {
#embed "../../docs/errors/SB1109.md"
};
static const unsigned char SB1110[] = {
#embed "../../docs/errors/SB1110.md"
};
static const unsigned char SB1111[] = {
#embed "../../docs/errors/SB1111.md"
};
static const unsigned char SB1112[] = {
#embed "../../docs/errors/SB1112.md"
};
static const unsigned char SB1113[] = {
#embed "../../docs/errors/SB1113.md"
};
static const unsigned char SB1114[] = {
#embed "../../docs/errors/SB1114.md"
};
static const unsigned char SB1120[] = {
#embed "../../docs/errors/SB1120.md"
};
static const unsigned char SB1201[] = {
#embed "../../docs/errors/SB1201.md"
};
static const unsigned char SB1202[] = {
#embed "../../docs/errors/SB1202.md"
};
static const unsigned char SB1203[] = {
#embed "../../docs/errors/SB1203.md"
};
static const unsigned char SB1204[] = {
#embed "../../docs/errors/SB1204.md"
};
static const unsigned char SB1205[] = {
#embed "../../docs/errors/SB1205.md"
};
static const unsigned char SB1206[] = {
#embed "../../docs/errors/SB1206.md"
};
static const unsigned char SB1207[] = {
#embed "../../docs/errors/SB1207.md"
};
static const unsigned char SB1208[] = {
#embed "../../docs/errors/SB1208.md"
};
static const unsigned char SB1209[] = {
#embed "../../docs/errors/SB1209.md"
};
static const unsigned char SB1210[] = {
#embed "../../docs/errors/SB1210.md"
};
static const unsigned char SB1211[] = {
#embed "../../docs/errors/SB1211.md"
};
static const unsigned char SB1212[] = {
#embed "../../docs/errors/SB1212.md"
};
static const unsigned char SB1213[] = {
#embed "../../docs/errors/SB1213.md"
};
static const unsigned char SB1301[] = {
#embed "../../docs/errors/SB1301.md"
};
static const unsigned char SB1302[] = {
#embed "../../docs/errors/SB1302.md"
};
static const unsigned char SB1303[] = {
#embed "../../docs/errors/SB1303.md"
};
static const unsigned char SB1304[] = {
#embed "../../docs/errors/SB1304.md"
};
static const unsigned char SB1305[] = {
#embed "../../docs/errors/SB1305.md"
};
static const unsigned char SB1306[] = {
#embed "../../docs/errors/SB1306.md"
};
static const unsigned char SB1307[] = {
#embed "../../docs/errors/SB1307.md"
};
static const unsigned char SB1308[] = {
#embed "../../docs/errors/SB1308.md"
};
static const unsigned char SB1309[] = {
#embed "../../docs/errors/SB1309.md"
};
static const unsigned char SB1310[] = {
#embed "../../docs/errors/SB1310.md"
};
static const unsigned char SB1330[] = {
#embed "../../docs/errors/SB1330.md"
};
static const unsigned char SB1331[] = {
#embed "../../docs/errors/SB1331.md"
};
static const unsigned char SB1332[] = {
#embed "../../docs/errors/SB1332.md"
};
static const unsigned char SB1333[] = {
#embed "../../docs/errors/SB1333.md"
};
static const unsigned char SB1334[] = {
#embed "../../docs/errors/SB1334.md"
};
static const unsigned char SB1335[] = {
#embed "../../docs/errors/SB1335.md"
};
static const unsigned char SB1336[] = {
#embed "../../docs/errors/SB1336.md"
};
static const unsigned char SB1337[] = {
#embed "../../docs/errors/SB1337.md"
};
static const unsigned char SB1338[] = {
#embed "../../docs/errors/SB1338.md"
};
static const unsigned char SB1401[] = {
#embed "../../docs/errors/SB1401.md"
};
static const unsigned char SB1402[] = {
#embed "../../docs/errors/SB1402.md"
};
static const unsigned char SB1403[] = {
#embed "../../docs/errors/SB1403.md"
};
static const unsigned char SB1404[] = {
#embed "../../docs/errors/SB1404.md"
};
static const unsigned char SB1405[] = {
#embed "../../docs/errors/SB1405.md"
};
static const unsigned char SB1406[] = {
#embed "../../docs/errors/SB1406.md"
};
static const unsigned char SB1407[] = {
#embed "../../docs/errors/SB1407.md"
};
static const unsigned char SB1408[] = {
#embed "../../docs/errors/SB1408.md"
};
static const unsigned char SB1409[] = {
#embed "../../docs/errors/SB1409.md"
};
static const unsigned char SB1501[] = {
#embed "../../docs/errors/SB1501.md"
};
static const unsigned char SB1502[] = {
#embed "../../docs/errors/SB1502.md"
};
static const unsigned char SB1503[] = {
#embed "../../docs/errors/SB1503.md"
};
static const unsigned char SB1504[] = {
#embed "../../docs/errors/SB1504.md"
};
static const unsigned char SB1601[] = {
#embed "../../docs/errors/SB1601.md"
};
static const unsigned char SB1602[] = {
#embed "../../docs/errors/SB1602.md"
};
static const unsigned char SB1603[] = {
#embed "../../docs/errors/SB1603.md"
};
static const unsigned char SB1604[] = {
#embed "../../docs/errors/SB1604.md"
};
static const unsigned char SB1605[] = {
#embed "../../docs/errors/SB1605.md"
};
static const unsigned char SB1606[] = {
#embed "../../docs/errors/SB1606.md"
};
static const unsigned char SB1607[] = {
#embed "../../docs/errors/SB1607.md"
};
static const unsigned char SB1608[] = {
#embed "../../docs/errors/SB1608.md"
};
static const unsigned char SB1609[] = {
#embed "../../docs/errors/SB1609.md"
};
static const unsigned char SB1610[] = {
#embed "../../docs/errors/SB1610.md"
};
static const unsigned char SB1612[] = {
#embed "../../docs/errors/SB1612.md"
};
static const unsigned char SB1613[] = {
#embed "../../docs/errors/SB1613.md"
};
static const unsigned char SB1614[] = {
#embed "../../docs/errors/SB1614.md"
};
static const unsigned char SB1701[] = {
#embed "../../docs/errors/SB1701.md"
};
static const unsigned char SB1702[] = {
#embed "../../docs/errors/SB1702.md"
};
static const unsigned char SB1703[] = {
#embed "../../docs/errors/SB1703.md"
};
static const unsigned char SB1704[] = {
#embed "../../docs/errors/SB1704.md"
};
static const unsigned char SB1705[] = {
#embed "../../docs/errors/SB1705.md"
};
static const unsigned char SB1706[] = {
#embed "../../docs/errors/SB1706.md"
};
static const unsigned char SB1707[] = {
#embed "../../docs/errors/SB1707.md"
};
static const unsigned char SB1708[] = {
#embed "../../docs/errors/SB1708.md"
};
static const unsigned char SB1709[] = {
#embed "../../docs/errors/SB1709.md"
};
static const unsigned char SB1710[] = {
#embed "../../docs/errors/SB1710.md"
};
static const unsigned char SB1711[] = {
#embed "../../docs/errors/SB1711.md"
};
static const unsigned char SB1712[] = {
#embed "../../docs/errors/SB1712.md"
};
static const unsigned char SB1801[] = {
#embed "../../docs/errors/SB1801.md"
};
static const unsigned char SB1802[] = {
#embed "../../docs/errors/SB1802.md"
};
static const unsigned char SB1803[] = {
#embed "../../docs/errors/SB1803.md"
};
static const unsigned char SB1804[] = {
#embed "../../docs/errors/SB1804.md"
};
static const unsigned char SB1805[] = {
#embed "../../docs/errors/SB1805.md"
};
static const unsigned char SB1806[] = {
#embed "../../docs/errors/SB1806.md"
};
static const unsigned char SB1901[] = {
#embed "../../docs/errors/SB1901.md"
};
static const unsigned char SB1902[] = {
#embed "../../docs/errors/SB1902.md"
};
static const unsigned char SB1903[] = {
#embed "../../docs/errors/SB1903.md"
};
static const unsigned char SB1904[] = {
#embed "../../docs/errors/SB1904.md"
};
static const unsigned char SB1905[] = {
#embed "../../docs/errors/SB1905.md"
};
static const unsigned char SB1906[] = {
#embed "../../docs/errors/SB1906.md"
};
static const unsigned char SB1907[] = {
#embed "../../docs/errors/SB1907.md"
};
static const unsigned char SB1908[] = {
#embed "../../docs/errors/SB1908.md"
};
static const unsigned char SB1909[] = {
#embed "../../docs/errors/SB1909.md"
};
static const unsigned char SB1910[] = {
#embed "../../docs/errors/SB1910.md"
};
static const unsigned char SB1911[] = {
#embed "../../docs/errors/SB1911.md"
};
static const unsigned char SB1912[] = {
#embed "../../docs/errors/SB1912.md"
};
static const unsigned char SB1920[] = {
#embed "../../docs/errors/SB1920.md"
};
static const unsigned char SB1921[] = {
#embed "../../docs/errors/SB1921.md"
};
static const unsigned char SB1922[] = {
#embed "../../docs/errors/SB1922.md"
};
static const unsigned char SB1950[] = {
#embed "../../docs/errors/SB1950.md"
};
static const unsigned char SB1951[] = {
#embed "../../docs/errors/SB1951.md"
};
static const unsigned char SB1952[] = {
#embed "../../docs/errors/SB1952.md"
};
static const unsigned char SB1960[] = {
#embed "../../docs/errors/SB1960.md"
};
static const unsigned char SB1961[] = {
#embed "../../docs/errors/SB1961.md"
};
static const unsigned char SB1962[] = {
#embed "../../docs/errors/SB1962.md"
};
static const unsigned char SB1963[] = {
#embed "../../docs/errors/SB1963.md"
};
static const unsigned char SB2001[] = {
#embed "../../docs/errors/SB2001.md"
};
static const unsigned char SB2002[] = {
#embed "../../docs/errors/SB2002.md"
};
static const unsigned char SB2003[] = {
#embed "../../docs/errors/SB2003.md"
};
static const unsigned char SB2004[] = {
#embed "../../docs/errors/SB2004.md"
};
static const unsigned char SB2005[] = {
#embed "../../docs/errors/SB2005.md"
};
static const unsigned char SB2006[] = {
#embed "../../docs/errors/SB2006.md"
};
static const unsigned char SB2007[] = {
#embed "../../docs/errors/SB2007.md"
};
static const unsigned char SB2008[] = {
#embed "../../docs/errors/SB2008.md"
};
static const unsigned char SB2009[] = {
#embed "../../docs/errors/SB2009.md"
};
static const unsigned char SB2010[] = {
#embed "../../docs/errors/SB2010.md"
};
static const unsigned char SB2011[] = {
#embed "../../docs/errors/SB2011.md"
};
static const unsigned char SB3001[] = {
#embed "../../docs/errors/SB3001.md"
};
static const unsigned char SB3002[] = {
#embed "../../docs/errors/SB3002.md"
};
static const unsigned char SB3003[] = {
#embed "../../docs/errors/SB3003.md"
};
static const unsigned char SB3004[] = {
#embed "../../docs/errors/SB3004.md"
};
static const unsigned char SB3005[] = {
#embed "../../docs/errors/SB3005.md"
};
static const unsigned char SB3006[] = {
#embed "../../docs/errors/SB3006.md"
};
static const unsigned char SB3007[] = {
#embed "../../docs/errors/SB3007.md"
};
static const unsigned char SB3010[] = {
#embed "../../docs/errors/SB3010.md"
};
static const unsigned char SB3011[] = {
#embed "../../docs/errors/SB3011.md"
};
static const unsigned char SB3012[] = {
#embed "../../docs/errors/SB3012.md"
};
static const unsigned char SB3013[] = {
#embed "../../docs/errors/SB3013.md"
};

static const signalbox_embedded_file pages[] = {
    {"docs/errors/SB1001.md", SB1001, sizeof SB1001},
    {"docs/errors/SB1002.md", SB1002, sizeof SB1002},
    {"docs/errors/SB1003.md", SB1003, sizeof SB1003},
    {"docs/errors/SB1004.md", SB1004, sizeof SB1004},
    {"docs/errors/SB1005.md", SB1005, sizeof SB1005},
    {"docs/errors/SB1006.md", SB1006, sizeof SB1006},
    {"docs/errors/SB1007.md", SB1007, sizeof SB1007},
    {"docs/errors/SB1008.md", SB1008, sizeof SB1008},
    {"docs/errors/SB1009.md", SB1009, sizeof SB1009},
    {"docs/errors/SB1010.md", SB1010, sizeof SB1010},
    {"docs/errors/SB1011.md", SB1011, sizeof SB1011},
    {"docs/errors/SB1012.md", SB1012, sizeof SB1012},
    {"docs/errors/SB1013.md", SB1013, sizeof SB1013},
    {"docs/errors/SB1014.md", SB1014, sizeof SB1014},
    {"docs/errors/SB1015.md", SB1015, sizeof SB1015},
    {"docs/errors/SB1020.md", SB1020, sizeof SB1020},
    {"docs/errors/SB1021.md", SB1021, sizeof SB1021},
    {"docs/errors/SB1022.md", SB1022, sizeof SB1022},
    {"docs/errors/SB1023.md", SB1023, sizeof SB1023},
    {"docs/errors/SB1024.md", SB1024, sizeof SB1024},
    {"docs/errors/SB1025.md", SB1025, sizeof SB1025},
    {"docs/errors/SB1026.md", SB1026, sizeof SB1026},
    {"docs/errors/SB1027.md", SB1027, sizeof SB1027},
    {"docs/errors/SB1028.md", SB1028, sizeof SB1028},
    {"docs/errors/SB1029.md", SB1029, sizeof SB1029},
    {"docs/errors/SB1030.md", SB1030, sizeof SB1030},
    {"docs/errors/SB1031.md", SB1031, sizeof SB1031},
    {"docs/errors/SB1032.md", SB1032, sizeof SB1032},
    {"docs/errors/SB1033.md", SB1033, sizeof SB1033},
    {"docs/errors/SB1034.md", SB1034, sizeof SB1034},
    {"docs/errors/SB1101.md", SB1101, sizeof SB1101},
    {"docs/errors/SB1102.md", SB1102, sizeof SB1102},
    {"docs/errors/SB1103.md", SB1103, sizeof SB1103},
    {"docs/errors/SB1104.md", SB1104, sizeof SB1104},
    {"docs/errors/SB1105.md", SB1105, sizeof SB1105},
    {"docs/errors/SB1106.md", SB1106, sizeof SB1106},
    {"docs/errors/SB1107.md", SB1107, sizeof SB1107},
    {"docs/errors/SB1108.md", SB1108, sizeof SB1108},
    {"docs/errors/SB1109.md", SB1109, sizeof SB1109},
    {"docs/errors/SB1110.md", SB1110, sizeof SB1110},
    {"docs/errors/SB1111.md", SB1111, sizeof SB1111},
    {"docs/errors/SB1112.md", SB1112, sizeof SB1112},
    {"docs/errors/SB1113.md", SB1113, sizeof SB1113},
    {"docs/errors/SB1114.md", SB1114, sizeof SB1114},
    {"docs/errors/SB1120.md", SB1120, sizeof SB1120},
    {"docs/errors/SB1201.md", SB1201, sizeof SB1201},
    {"docs/errors/SB1202.md", SB1202, sizeof SB1202},
    {"docs/errors/SB1203.md", SB1203, sizeof SB1203},
    {"docs/errors/SB1204.md", SB1204, sizeof SB1204},
    {"docs/errors/SB1205.md", SB1205, sizeof SB1205},
    {"docs/errors/SB1206.md", SB1206, sizeof SB1206},
    {"docs/errors/SB1207.md", SB1207, sizeof SB1207},
    {"docs/errors/SB1208.md", SB1208, sizeof SB1208},
    {"docs/errors/SB1209.md", SB1209, sizeof SB1209},
    {"docs/errors/SB1210.md", SB1210, sizeof SB1210},
    {"docs/errors/SB1211.md", SB1211, sizeof SB1211},
    {"docs/errors/SB1212.md", SB1212, sizeof SB1212},
    {"docs/errors/SB1213.md", SB1213, sizeof SB1213},
    {"docs/errors/SB1301.md", SB1301, sizeof SB1301},
    {"docs/errors/SB1302.md", SB1302, sizeof SB1302},
    {"docs/errors/SB1303.md", SB1303, sizeof SB1303},
    {"docs/errors/SB1304.md", SB1304, sizeof SB1304},
    {"docs/errors/SB1305.md", SB1305, sizeof SB1305},
    {"docs/errors/SB1306.md", SB1306, sizeof SB1306},
    {"docs/errors/SB1307.md", SB1307, sizeof SB1307},
    {"docs/errors/SB1308.md", SB1308, sizeof SB1308},
    {"docs/errors/SB1309.md", SB1309, sizeof SB1309},
    {"docs/errors/SB1310.md", SB1310, sizeof SB1310},
    {"docs/errors/SB1330.md", SB1330, sizeof SB1330},
    {"docs/errors/SB1331.md", SB1331, sizeof SB1331},
    {"docs/errors/SB1332.md", SB1332, sizeof SB1332},
    {"docs/errors/SB1333.md", SB1333, sizeof SB1333},
    {"docs/errors/SB1334.md", SB1334, sizeof SB1334},
    {"docs/errors/SB1335.md", SB1335, sizeof SB1335},
    {"docs/errors/SB1336.md", SB1336, sizeof SB1336},
    {"docs/errors/SB1337.md", SB1337, sizeof SB1337},
    {"docs/errors/SB1338.md", SB1338, sizeof SB1338},
    {"docs/errors/SB1401.md", SB1401, sizeof SB1401},
    {"docs/errors/SB1402.md", SB1402, sizeof SB1402},
    {"docs/errors/SB1403.md", SB1403, sizeof SB1403},
    {"docs/errors/SB1404.md", SB1404, sizeof SB1404},
    {"docs/errors/SB1405.md", SB1405, sizeof SB1405},
    {"docs/errors/SB1406.md", SB1406, sizeof SB1406},
    {"docs/errors/SB1407.md", SB1407, sizeof SB1407},
    {"docs/errors/SB1408.md", SB1408, sizeof SB1408},
    {"docs/errors/SB1409.md", SB1409, sizeof SB1409},
    {"docs/errors/SB1501.md", SB1501, sizeof SB1501},
    {"docs/errors/SB1502.md", SB1502, sizeof SB1502},
    {"docs/errors/SB1503.md", SB1503, sizeof SB1503},
    {"docs/errors/SB1504.md", SB1504, sizeof SB1504},
    {"docs/errors/SB1601.md", SB1601, sizeof SB1601},
    {"docs/errors/SB1602.md", SB1602, sizeof SB1602},
    {"docs/errors/SB1603.md", SB1603, sizeof SB1603},
    {"docs/errors/SB1604.md", SB1604, sizeof SB1604},
    {"docs/errors/SB1605.md", SB1605, sizeof SB1605},
    {"docs/errors/SB1606.md", SB1606, sizeof SB1606},
    {"docs/errors/SB1607.md", SB1607, sizeof SB1607},
    {"docs/errors/SB1608.md", SB1608, sizeof SB1608},
    {"docs/errors/SB1609.md", SB1609, sizeof SB1609},
    {"docs/errors/SB1610.md", SB1610, sizeof SB1610},
    {"docs/errors/SB1612.md", SB1612, sizeof SB1612},
    {"docs/errors/SB1613.md", SB1613, sizeof SB1613},
    {"docs/errors/SB1614.md", SB1614, sizeof SB1614},
    {"docs/errors/SB1701.md", SB1701, sizeof SB1701},
    {"docs/errors/SB1702.md", SB1702, sizeof SB1702},
    {"docs/errors/SB1703.md", SB1703, sizeof SB1703},
    {"docs/errors/SB1704.md", SB1704, sizeof SB1704},
    {"docs/errors/SB1705.md", SB1705, sizeof SB1705},
    {"docs/errors/SB1706.md", SB1706, sizeof SB1706},
    {"docs/errors/SB1707.md", SB1707, sizeof SB1707},
    {"docs/errors/SB1708.md", SB1708, sizeof SB1708},
    {"docs/errors/SB1709.md", SB1709, sizeof SB1709},
    {"docs/errors/SB1710.md", SB1710, sizeof SB1710},
    {"docs/errors/SB1711.md", SB1711, sizeof SB1711},
    {"docs/errors/SB1712.md", SB1712, sizeof SB1712},
    {"docs/errors/SB1801.md", SB1801, sizeof SB1801},
    {"docs/errors/SB1802.md", SB1802, sizeof SB1802},
    {"docs/errors/SB1803.md", SB1803, sizeof SB1803},
    {"docs/errors/SB1804.md", SB1804, sizeof SB1804},
    {"docs/errors/SB1805.md", SB1805, sizeof SB1805},
    {"docs/errors/SB1806.md", SB1806, sizeof SB1806},
    {"docs/errors/SB1901.md", SB1901, sizeof SB1901},
    {"docs/errors/SB1902.md", SB1902, sizeof SB1902},
    {"docs/errors/SB1903.md", SB1903, sizeof SB1903},
    {"docs/errors/SB1904.md", SB1904, sizeof SB1904},
    {"docs/errors/SB1905.md", SB1905, sizeof SB1905},
    {"docs/errors/SB1906.md", SB1906, sizeof SB1906},
    {"docs/errors/SB1907.md", SB1907, sizeof SB1907},
    {"docs/errors/SB1908.md", SB1908, sizeof SB1908},
    {"docs/errors/SB1909.md", SB1909, sizeof SB1909},
    {"docs/errors/SB1910.md", SB1910, sizeof SB1910},
    {"docs/errors/SB1911.md", SB1911, sizeof SB1911},
    {"docs/errors/SB1912.md", SB1912, sizeof SB1912},
    {"docs/errors/SB1920.md", SB1920, sizeof SB1920},
    {"docs/errors/SB1921.md", SB1921, sizeof SB1921},
    {"docs/errors/SB1922.md", SB1922, sizeof SB1922},
    {"docs/errors/SB1950.md", SB1950, sizeof SB1950},
    {"docs/errors/SB1951.md", SB1951, sizeof SB1951},
    {"docs/errors/SB1952.md", SB1952, sizeof SB1952},
    {"docs/errors/SB1960.md", SB1960, sizeof SB1960},
    {"docs/errors/SB1961.md", SB1961, sizeof SB1961},
    {"docs/errors/SB1962.md", SB1962, sizeof SB1962},
    {"docs/errors/SB1963.md", SB1963, sizeof SB1963},
    {"docs/errors/SB2001.md", SB2001, sizeof SB2001},
    {"docs/errors/SB2002.md", SB2002, sizeof SB2002},
    {"docs/errors/SB2003.md", SB2003, sizeof SB2003},
    {"docs/errors/SB2004.md", SB2004, sizeof SB2004},
    {"docs/errors/SB2005.md", SB2005, sizeof SB2005},
    {"docs/errors/SB2006.md", SB2006, sizeof SB2006},
    {"docs/errors/SB2007.md", SB2007, sizeof SB2007},
    {"docs/errors/SB2008.md", SB2008, sizeof SB2008},
    {"docs/errors/SB2009.md", SB2009, sizeof SB2009},
    {"docs/errors/SB2010.md", SB2010, sizeof SB2010},
    {"docs/errors/SB2011.md", SB2011, sizeof SB2011},
    {"docs/errors/SB3001.md", SB3001, sizeof SB3001},
    {"docs/errors/SB3002.md", SB3002, sizeof SB3002},
    {"docs/errors/SB3003.md", SB3003, sizeof SB3003},
    {"docs/errors/SB3004.md", SB3004, sizeof SB3004},
    {"docs/errors/SB3005.md", SB3005, sizeof SB3005},
    {"docs/errors/SB3006.md", SB3006, sizeof SB3006},
    {"docs/errors/SB3007.md", SB3007, sizeof SB3007},
    {"docs/errors/SB3010.md", SB3010, sizeof SB3010},
    {"docs/errors/SB3011.md", SB3011, sizeof SB3011},
    {"docs/errors/SB3012.md", SB3012, sizeof SB3012},
    {"docs/errors/SB3013.md", SB3013, sizeof SB3013},
};

size_t signalbox_error_page_count(void) { return sizeof pages / sizeof pages[0]; }

signalbox_embedded_file signalbox_error_page_at(size_t index) {
    if (index >= signalbox_error_page_count()) {
        return (signalbox_embedded_file){0, 0, 0};
    }
    return pages[index];
}
