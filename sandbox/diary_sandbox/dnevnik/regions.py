"""Regions with a Gosuslugi entry of their own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Region:
    """A region as the sign-in site knows it."""

    code: str
    """Two-digit code of the subject of the federation."""
    slug: str
    """Last part of the entry's address."""
    name: str

    @property
    def number(self) -> int:
        """Return this system's own number of the region: not the code; how they are given out is unknown."""
        return 100 + int(self.code)


REGIONS = tuple(
    Region(*line)
    for line in (
        ("01", "adygea", "Республика Адыгея"),
        ("02", "bashkortostan", "Республика Башкортостан"),
        ("05", "dagestan", "Республика Дагестан"),
        ("08", "kalmykia", "Республика Калмыкия"),
        ("10", "karelia", "Республика Карелия"),
        ("15", "rsoa", "Республика Северная Осетия — Алания"),
        ("17", "tuva", "Республика Тыва"),
        ("20", "chechenskaya", "Чеченская Республика"),
        ("27", "khabarovsk", "Хабаровский край"),
        ("28", "amursk", "Амурская область"),
        ("29", "dvinaland", "Архангельская область"),
        ("30", "astrakhan", "Астраханская область"),
        ("36", "voronej", "Воронежская область"),
        ("37", "ivanovskaya", "Ивановская область"),
        ("38", "irkutsk", "Иркутская область"),
        ("43", "kir", "Кировская область"),
        ("47", "lenobl", "Ленинградская область"),
        ("50", "mskobl", "Московская область"),
        ("52", "nnov", "Нижегородская область"),
        ("53", "novgorod", "Новгородская область"),
        ("54", "novosibirsk", "Новосибирская область"),
        ("55", "omsk", "Омская область"),
        ("56", "orenburg", "Оренбургская область"),
        ("64", "saratov", "Саратовская область"),
        ("66", "sverdlovsk", "Свердловская область"),
        ("68", "tambovskaya", "Тамбовская область"),
        ("70", "tomsk", "Томская область"),
        ("78", "spb", "Санкт-Петербург"),
        ("79", "eao", "Еврейская автономная область"),
        ("87", "chao", "Чукотский автономный округ"),
        ("91", "crimea", "Республика Крым"),
        ("92", "sevastopol", "Севастополь"),
    )
)


def region_by_slug(slug: str) -> Region | None:
    """Return the region with an entry of that name, or None."""
    return next((one for one in REGIONS if one.slug == slug), None)
