"""Names of the model place in the three languages of the pages.

Each of these characters has one traditional form in every name of the place, so no dictionary of phrases is needed; a
test holds all names against one. What is not here stays as it is: 于, 范 and 余 are only surnames in this town, and
those are written so in traditional characters as well.
"""

from __future__ import annotations

_SIMPLIFIED = (
    "业个乡书会体党兰关农冯净划刘办务动区医协卢卫叶号吕听吴员园场声处孙学宁实导屿岚广应张态悦愿执扫护挥时机杨"
    "枫栖桥桨检楼樱檐残气游灯点烟热环电疗监盖砖砚红级纪纸组织络统综绿网罗联苇苏莺萤营蒋蓝蝉补规议许设访语调谢"
    "谭负责贾资赵践车输运远遥邓邹邻郑钟铃长门问队阶陆陈霁韦韩风马鸢鸭鹤鹭麦黄"
)
_TRADITIONAL = (
    "業個鄉書會體黨蘭關農馮淨劃劉辦務動區醫協盧衛葉號呂聽吳員園場聲處孫學寧實導嶼嵐廣應張態悅願執掃護揮時機楊"
    "楓棲橋槳檢樓櫻簷殘氣遊燈點煙熱環電療監蓋磚硯紅級紀紙組織絡統綜綠網羅聯葦蘇鶯螢營蔣藍蟬補規議許設訪語調謝"
    "譚負責賈資趙踐車輸運遠遙鄧鄒鄰鄭鍾鈴長門問隊階陸陳霽韋韓風馬鳶鴨鶴鷺麥黃"
)
_FORMS = str.maketrans(_SIMPLIFIED, _TRADITIONAL)


def names(name: str, english: str = "") -> dict[str, str]:
    """By language, as everything that has a name keeps them; people have no English one."""
    return {"zh-hans": name, "zh-hant": name.translate(_FORMS)} | ({"en": english} if english else {})
