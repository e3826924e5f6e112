"""Sums of marks, as exact as the marks themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

from diary_core.model import Average, CountedMark

PLACES = 4
"""How many places after the point a figure is written with."""


@dataclass(frozen=True)
class Tally:
    """A sum of marks times their weights, and the sum of the weights."""

    total: Fraction = Fraction(0)
    weight: Fraction = Fraction(0)

    @classmethod
    def of(cls, inputs: Iterable[CountedMark]) -> Tally:
        """Add marks up; the halves of a split mark each weigh what the mark does."""
        total = weight = Fraction(0)
        for mark in inputs:
            each = Fraction(1) if mark.weight is None else Fraction(mark.weight)
            total += each * sum((Fraction(value) for value in mark.values), Fraction(0))
            weight += each * len(mark.values)
        return cls(total, weight)

    @classmethod
    def behind(cls, average: Average) -> Tally:
        """Return the sums an average was made of."""
        return cls(Fraction(average.total), Fraction(average.weight))

    @property
    def mean(self) -> Fraction | None:
        """The exact average; None when nothing counts."""
        return self.total / self.weight if self.weight else None

    def joined(self, other: Tally) -> Tally:
        """Return the sums of both together."""
        return Tally(self.total + other.total, self.weight + other.weight)

    def plus(self, values: Fraction, count: int, weight: Decimal | None) -> Tally:
        """Return the sums after more marks of one weight.

        Args:
            values: The marks, summed up.
            count: How many they are.
            weight: Of each; None counts as one.
        """
        each = Fraction(1) if weight is None else Fraction(weight)
        return Tally(self.total + each * values, self.weight + each * count)


def figure(exact: Fraction) -> Decimal:
    """Return a figure as it is written: rounded half up to `PLACES`, its last zeros left out."""
    units = floor(exact * 10**PLACES + Fraction(1, 2))
    return exact_decimal(Fraction(units, 10**PLACES))


def exact_decimal(number: Fraction) -> Decimal:
    """Return a sum of decimals as the decimal it is, whatever its length, with no needless zeros.

    Raises:
        ValueError: It has no end, so it is no such sum.
    """
    places = 0
    while number.denominator != 1:
        if places > _LONGEST:
            raise ValueError("the number has no end in decimals")
        number *= 10
        places += 1
    digits = tuple(int(digit) for digit in str(abs(number.numerator)))
    return Decimal((int(number < 0), digits, -places))


_LONGEST = 100
