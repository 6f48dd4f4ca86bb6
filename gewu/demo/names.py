"""Invented names for the model place. Only Luotang, Xiqiao, Tangyuan and Zhongtian are real.

Communities are called after things nobody names a community after here; people get a usual surname and a given name
put together by a draw, each full name once.
"""

from __future__ import annotations

from collections.abc import Iterator

from gewu.demo.parts import Draws

Pair = tuple[str, str]  # Chinese, Latin letters

DISTRICT: Pair = ("姜堰区", "Jiangyan District")
SUBDISTRICT: Pair = ("罗塘街道", "Luotang Subdistrict")
ZHONGTIAN: Pair = ("中天", "Zhongtian")
XIQIAO: Pair = ("西桥", "Xiqiao")
TANGYUAN: Pair = ("唐园", "Tangyuan")

COMMITTEES: tuple[Pair, ...] = (
    ("青砚", "Qingyan"),
    ("鹿笛", "Ludi"),
    ("星槎", "Xingcha"),
    ("霁蓝", "Jilan"),
    ("桐月", "Tongyue"),
    ("茶烟", "Chayan"),
    ("鹤汀", "Heting"),
    ("纸鸢", "Zhiyuan"),
    ("琴屿", "Qinyu"),
    ("萤桥", "Yingqiao"),
    ("雪杉", "Xueshan"),
    ("橘灯", "Judeng"),
    ("铃兰", "Linglan"),
    ("竹喧", "Zhuxuan"),
    ("晚樱", "Wanying"),
    ("陶笛", "Taodi"),
    ("远帆", "Yuanfan"),
    ("棋亭", "Qiting"),
    ("书灯", "Shudeng"),
    ("流萤", "Liuying"),
    ("蓝釉", "Lanyou"),
    ("听雨", "Tingyu"),
    ("枕溪", "Zhenxi"),
)
VILLAGES: tuple[Pair, ...] = (
    ("麦铃", "Mailing"),
    ("稻鹭", "Daolu"),
    ("藕雨", "Ouyu"),
    ("荻歌", "Dige"),
    ("豆棚", "Doupeng"),
    ("瓜灯", "Guadeng"),
    ("苇莺", "Weiying"),
    ("鸭语", "Yayu"),
    ("菱舟", "Lingzhou"),
    ("桑陌", "Sangmo"),
    ("蓑笠", "Suoli"),
    ("犁月", "Liyue"),
    ("粟圃", "Supu"),
    ("蝉柳", "Chanliu"),
)
COMPANIES: tuple[Pair, ...] = (
    ("安橡", "Anxiang"),
    ("暖檐", "Nuanyan"),
    ("和砖", "Hezhuan"),
    ("净庭", "Jingting"),
    ("知邻", "Zhilin"),
    ("守灯", "Shoudeng"),
    ("青阶", "Qingjie"),
    ("晴窗", "Qingchuang"),
    ("悦廊", "Yuelang"),
    ("实瓦", "Shiwa"),
    ("常扫", "Changsao"),
    ("巷友", "Xiangyou"),
)
ASSOCIATIONS: tuple[Pair, ...] = (
    ("红背心志愿服务队", "Red Vest Volunteers"),
    ("河道看护志愿队", "River Watch Volunteers"),
    ("邻里调解志愿队", "Neighbour Mediation Volunteers"),
    ("敲门问安志愿队", "Knock and Ask Volunteers"),
    ("护学路志愿队", "School Way Volunteers"),
    ("小修小补志愿队", "Small Repairs Volunteers"),
    ("绿手指公益协会", "Green Fingers Association"),
    ("夜灯公益协会", "Night Lamp Association"),
)
COMPOUNDS: tuple[Pair, ...] = (
    ("榆影", "Yuying"),
    ("荷风", "Hefeng"),
    ("梧秋", "Wuqiu"),
    ("杏雨", "Xingyu"),
    ("槐序", "Huaixu"),
    ("兰汀", "Lanting"),
    ("桂岫", "Guixiu"),
    ("柚园", "Youyuan"),
    ("枫桨", "Fengjiang"),
    ("梨白", "Libai"),
    ("棠堤", "Tangdi"),
    ("藤月", "Tengyue"),
)
SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢"
    "姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛"
)
GIVEN_FIRST = "禾砚霁棠槐荻汀岚穗榆麦笙帆溪屿樵桐柚栖檐稔耘葭菱蔚筠澄漪璟瑭"
GIVEN_SECOND = "舟安宁和平朗遥川屏序初声言知行远明时生成田月圃铃笛歌池林青白"


def people(rng: Draws) -> Iterator[str]:
    """Full names without end of use for a town: each one once."""
    used: set[str] = set()
    while True:
        name = rng.choice(SURNAMES) + rng.choice(GIVEN_FIRST) + rng.choice(GIVEN_SECOND)
        if name not in used:
            used.add(name)
            yield name
