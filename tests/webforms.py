"""Fill in and send the forms of a page as a browser without scripts would."""

import html5lib


def form_fields(response):
    """Return {name: value} of everything the page's form would send if it were sent as it is.

    Several values of one name become a list. Submit buttons are left out. The reason that every
    change asks for is given.
    """
    [form] = [f for f in _forms(response) if (f.get("id") or "").endswith("_form")]
    return fields_of(form)


def main_form_fields(response):
    """Return the same of whatever form of the page sends most fields."""
    posting = [form for form in _forms(response) if form.get("method") == "post"]
    return max(map(fields_of, posting), key=len)


def _forms(response):
    return html5lib.parse(response.content.decode(), namespaceHTMLElements=False).iter("form")


def fields_of(form):
    """Return {name: value} of everything that a form, an element of a page, would send."""
    sent = {}
    for element in form.iter():
        name = element.get("name")
        if name and element.tag in {"input", "select", "textarea"}:
            sent.setdefault(name, []).extend(_values(element))
    if "change_reason" in sent:
        sent["change_reason"] = ["As the sources say."]
    return {
        name: values[0] if len(values) == 1 else values for name, values in sent.items() if values
    }


def _values(element):
    if element.tag == "textarea":
        return [(element.text or "").removeprefix("\n")]
    if element.tag == "select":
        options = list(element.iter("option"))
        chosen = [o for o in options if o.get("selected") is not None]
        if not chosen and element.get("multiple") is None:
            chosen = options[:1]
        return [o.get("value") for o in chosen]
    if element.get("type") in {"checkbox", "radio"}:
        return [element.get("value", "on")] if element.get("checked") is not None else []
    return [] if element.get("type") in {"submit", "button"} else [element.get("value", "")]


def add_row(fields, inline, **values):
    """Add a row to an inline of `fields`, as its “Add another” link does; return its number."""
    number = int(fields[f"{inline}-TOTAL_FORMS"])
    fields[f"{inline}-TOTAL_FORMS"] = str(number + 1)
    blank = f"{inline}-__prefix__-"
    for name in [n for n in fields if n.startswith(blank)]:
        fields[f"{inline}-{number}-{name.removeprefix(blank)}"] = fields[name]
    for name, value in values.items():
        fields[f"{inline}-{number}-{name}"] = value
    return number
