"""Sums of a triage: by class, by bucket, and by segment and offer."""

from __future__ import annotations

from decimal import Decimal

ZERO = Decimal(0)


class Sum:
    """How many loans, and how much is owed on them."""

    __slots__ = ("loans", "owed")

    def __init__(self) -> None:
        self.loans = 0
        self.owed = ZERO

    def add(self, owed: Decimal) -> None:
        """Count a loan."""
        self.loans += 1
        self.owed += owed


class OfferSum(Sum):
    """What one offer would do for the loans of a segment that need help.

    `loans` are those for which it can be computed, `refused` the others; `fits` those that can
    carry it, `unknown` those of which nobody knows, without income or capacity.
    """

    __slots__ = ("expected_loss", "extra_cost", "fits", "npv_loss", "refused", "unknown")

    def __init__(self) -> None:
        super().__init__()
        self.fits = self.unknown = self.refused = 0
        self.npv_loss = self.extra_cost = self.expected_loss = ZERO

    @property
    def npv_loss_rate(self) -> Decimal | None:
        """The lender's loss in present value as a share of what is owed."""
        return self.npv_loss / self.owed if self.owed else None

    @property
    def break_even(self) -> Decimal | None:
        """The share of the expected loss that the offer has to avert to pay for itself."""
        return self.npv_loss / self.expected_loss if self.expected_loss else None


class Segment(Sum):
    """The loans of a segment in one currency, and the offers for those that need help.

    `expected_loss` is that of the loans that need help, pd x lgd x owed, of the `valued` ones:
    those with both figures; `valued_owed` is what they owe.
    """

    def __init__(self, name: str, currency: str, offers: int) -> None:
        super().__init__()
        self.name, self.currency = name, currency
        self.help, self.failed, self.valued = Sum(), Sum(), Sum()
        self.expected_loss = ZERO
        self.offers = [OfferSum() for _ in range(offers)]
        self.cheapest = OfferSum()
        """The cheapest fitting plan of each loan, for the loans that have one."""

    @property
    def recovery_rate(self) -> Decimal | None:
        """1 - expected loss / owed, of the loans that need help and have both figures."""
        return 1 - self.expected_loss / self.valued.owed if self.valued.owed else None
