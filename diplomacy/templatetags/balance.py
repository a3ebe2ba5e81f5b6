"""Brings the mass balance to the page of a mission, which itself knows nothing of transfers."""

from django import template

from diplomacy.balance import mass_balance

register = template.Library()


@register.inclusion_tag("missions/_balance.html")
def balance(mission):
    """The mass balance of a mission that brought something back; nothing for any other."""
    return {"mission": mission, "balance": mass_balance(mission)}
