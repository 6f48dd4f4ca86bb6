"""Names of the model place in the three languages of the pages.

Each of these characters has one traditional form in every name of the place, so no dictionary of phrases is needed; a
test holds all names against one. People, posts and places have one name, which has no languages.
"""

from __future__ import annotations

_SIMPLIFIED = (
    "业乡书会体党兰关农净划办务区医协卫听员园场处学实屿广应态悦愿执扫护挥机桥检樱檐残气游灯烟热环电疗监砖砚红级纪纸组"
    "织综绿网罗联苇莺萤营蓝蝉补规议设访语调资输运远邻铃门问队阶霁鸢鸭鹤鹭麦"
)
_TRADITIONAL = (
    "業鄉書會體黨蘭關農淨劃辦務區醫協衛聽員園場處學實嶼廣應態悅願執掃護揮機橋檢櫻簷殘氣遊燈煙熱環電療監磚硯紅級紀紙組"
    "織綜綠網羅聯葦鶯螢營藍蟬補規議設訪語調資輸運遠鄰鈴門問隊階霽鳶鴨鶴鷺麥"
)
_FORMS = str.maketrans(_SIMPLIFIED, _TRADITIONAL)


def names(name: str, english: str) -> dict[str, str]:
    """By language, as areas, units and the installation keep them."""
    return {"zh-hans": name, "zh-hant": name.translate(_FORMS), "en": english}
