"""The organisations of the model place: offices, departments, committees, Party bodies, companies, volunteers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gewu.demo import names
from gewu.demo.parts import TownArea, TownUnit, TownUnitKind

# A department's kind is one the starting catalogue names: filing conditions say which kind of unit acts on a level.
DEPARTMENTS: tuple[tuple[str, str, str], ...] = (
    ("dept-urban", "区城市管理局", "Urban Management Bureau"),
    ("dept-housing", "区住房和城乡建设局", "Housing and Construction Bureau"),
    ("dept-transport", "区交通运输局", "Transport Bureau"),
    ("dept-water", "区水利局", "Water Bureau"),
    ("dept-environment", "生态环境分局", "Environment Sub-bureau"),
    ("dept-market", "区市场监督管理局", "Market Supervision Bureau"),
    ("dept-emergency", "区应急管理局", "Emergency Management Bureau"),
    ("dept-fire", "区消防救援大队", "Fire and Rescue Brigade"),
    ("dept-police", "公安分局", "Police Sub-bureau"),
    ("dept-labour", "区人力资源和社会保障局", "Labour and Social Security Bureau"),
    ("dept-medical", "区医疗保障局", "Medical Insurance Bureau"),
    ("dept-civil", "区民政局", "Civil Affairs Bureau"),
    ("dept-health", "区卫生健康委员会", "Health Commission"),
    ("dept-education", "区教育局", "Education Bureau"),
    ("dept-land", "自然资源和规划分局", "Land and Planning Sub-bureau"),
    ("dept-agriculture", "区农业农村局", "Agriculture Bureau"),
    ("dept-justice", "区司法局", "Justice Bureau"),
    ("dept-sports", "区文体广电和旅游局", "Culture and Sports Bureau"),
    ("dept-disabled", "区残疾人联合会", "Disabled Persons' Federation"),
    ("dept-supervision", "区纪检监察机关", "Discipline and Supervision"),
    ("dept-letters", "区信访局", "Letters and Visits Bureau"),
    ("owner-power", "区供电公司", "Power Company"),
    ("owner-telecom", "区通信运营联合值守", "Telecom Operators' Duty Desk"),
    ("owner-gas", "区燃气公司", "Gas Company"),
    ("owner-water", "区供水公司", "Water Company"),
    ("owner-heat", "区供热公司", "Heating Company"),
)
# What stands here is (name of the office in codes, kind, name, English name).
OFFICES: tuple[tuple[str, str, str, str], ...] = (
    ("general", "station", "党政综合办公室", "General Office"),
    ("party_affairs", "station", "党群工作办公室", "Party and Mass Work Office"),
    ("discipline", "discipline-office", "纪检监察工作办公室", "Discipline Office"),
    ("safety", "safety-office", "应急消防工作站", "Safety Office"),
    ("construction", "construction-office", "建设管理办公室", "Construction Office"),
    ("social", "civil-office", "社会事务办公室", "Civil Affairs Office"),
    ("market", "market-office", "市场监管分局", "Market Office"),
    ("service", "service-centre", "便民服务中心", "Citizens' Service Centre"),
    ("justice", "judicial-office", "司法所", "Judicial Office"),
)
KINDS: tuple[TownUnitKind, ...] = (
    *(TownUnitKind(code, name.removeprefix("区"), english, "D") for code, name, english in DEPARTMENTS),
    TownUnitKind("district_centre", "区级网格化指挥中心", "District command centre", "D"),
    TownUnitKind("subdistrict_office", "街道办事处", "Subdistrict office", "S"),
    TownUnitKind("station", "街道科室", "Section of the subdistrict", "S"),
    TownUnitKind("grid-centre", "网格化服务管理中心", "Grid centre", "S"),
    *(
        TownUnitKind(kind, name, english, "S")
        for _office, kind, name, english in OFFICES
        if kind != "station"
    ),
    TownUnitKind("enforcement", "综合执法队", "Enforcement team", "S"),
    TownUnitKind("committee", "村（居）民委员会", "Village or residents' committee", "V"),
    TownUnitKind("party_committee", "党委", "Party committee", "V"),
    TownUnitKind("party_branch", "网格党支部", "Party branch in the grid", "G"),
    TownUnitKind("party_group", "党小组", "Party group", "G"),
    TownUnitKind("council", "议事会", "Deliberation council", "V"),
    TownUnitKind("property", "物业服务企业", "Property company", "V"),
    TownUnitKind("association", "志愿公益组织", "Volunteer organisation", "V"),
)
OFFICE = "S-OFFICE"
GRID_CENTRE = "S-GRID-CENTRE"
ENFORCEMENT = "S-ENFORCEMENT"
PARTY = "S-PARTY"
COMMAND = "D-COMMAND"
_BRANCH_GRIDS = 2


def office_code(office: str) -> str:
    return f"S-{office.upper().replace('_', '-')}"


def department_code(kind: str) -> str:
    return f"D-{kind.upper().removeprefix('DEPT-')}"


def all_units(
    district: TownArea,
    subdistrict: TownArea,
    communities: Sequence[TownArea],
    grids: Mapping[str, Sequence[TownArea]],
    pilots: Mapping[str, str],
) -> list[TownUnit]:
    """Parents first. `grids`: by community."""
    units = [*_of_district(district), *_of_subdistrict(subdistrict)]
    for community in communities:
        units.extend(_of_community(community, grids[community.code], community.code in pilots.values()))
    units.extend(_companies([c for c in communities if c.kind == "committee"]))
    for number, (name, english) in enumerate(names.ASSOCIATIONS, start=1):
        units.append(
            TownUnit(f"S-VOLUNTEERS-{number:02d}", "association", "S", name, english, subdistrict.code)
        )
    return units


def _of_district(district: TownArea) -> Iterator[TownUnit]:
    yield TownUnit(
        COMMAND, "district_centre", "D", "区网格化指挥中心", "District Command Centre", district.code
    )
    for kind, name, english in DEPARTMENTS:
        yield TownUnit(department_code(kind), kind, "D", name, english, district.code)


def _of_subdistrict(subdistrict: TownArea) -> Iterator[TownUnit]:
    at = subdistrict.code
    yield TownUnit(PARTY, "party_committee", "S", "街道党工委", "Party Working Committee", at)
    yield TownUnit(OFFICE, "subdistrict_office", "S", "街道办事处", "Subdistrict Office", at)
    grid_centre = ("网格化服务管理中心", "Grid Service Centre")
    yield TownUnit(GRID_CENTRE, "grid-centre", "S", *grid_centre, at, OFFICE)
    yield TownUnit(ENFORCEMENT, "enforcement", "S", "综合执法队", "Enforcement Team", at, OFFICE)
    for office, kind, name, english in OFFICES:
        yield TownUnit(office_code(office), kind, "S", name, english, at, OFFICE)


def _of_community(community: TownArea, grids: Sequence[TownArea], is_pilot: bool) -> Iterator[TownUnit]:
    code, name, english = community.code, community.name, community.name_en
    suffix, kind = (
        ("村民委员会", "Villagers' Committee")
        if community.kind == "village"
        else (
            "居民委员会",
            "Residents' Committee",
        )
    )
    stem = name.removesuffix("村").removesuffix("社区")
    yield TownUnit(f"V-{code}", "committee", "V", f"{stem}{suffix}", f"{english} {kind}", code)
    party = f"V-{code}-PARTY"
    covers = tuple(grid.code for grid in grids)
    party_name = (f"{name}大党委", f"{english} Joint Party Committee")
    yield TownUnit(party, "party_committee", "V", *party_name, code, PARTY, covers)
    for number, start in enumerate(range(0, len(grids), _BRANCH_GRIDS), start=1):
        branch = f"G-{code}-BRANCH-{number:02d}"
        own = grids[start : start + _BRANCH_GRIDS]
        branch_name = (f"{name}第{number}网格党支部", f"{english} Grid Party Branch {number}")
        covered = tuple(grid.code for grid in own)
        yield TownUnit(branch, "party_branch", "G", *branch_name, code, party, covered)
        for grid in own:
            group_name = (f"{grid.name}党小组", f"{grid.name_en} Party Group")
            yield TownUnit(
                f"G-{grid.code}-GROUP", "party_group", "G", *group_name, grid.code, branch, (grid.code,)
            )
    if is_pilot:
        council = (f"{name}议事会", f"{english} Deliberation Council")
        yield TownUnit(f"V-{code}-COUNCIL", "council", "V", *council, code)


def _companies(communities: Sequence[TownArea]) -> Iterator[TownUnit]:
    """Each company serves two neighbouring codes."""
    for number, (name, english) in enumerate(names.COMPANIES):
        served = communities[2 * number : 2 * number + 2]
        yield TownUnit(
            f"V-PROPERTY-{number + 1:02d}",
            "property",
            "V",
            f"{name}物业服务公司",
            f"{english} Property Services",
            served[0].code,
            covers=tuple(community.code for community in served),
        )
