"""Messages: English text that remembers what it was made of."""

from restructure.words import Text, say


def test_a_message_is_its_english_text_and_keeps_its_parts():
    """A message reads as plain text wherever text goes, and its template can be looked up."""
    text = say("{count} loans of {bank}", count=3, bank="{a}")
    assert text == "3 loans of {a}"
    assert isinstance(text, Text)
    assert (text.template, text.parts) == ("{count} loans of {bank}", {"count": 3, "bank": "{a}"})


def test_braces_without_parts_stay():
    """A message without parts is taken as it stands."""
    assert say("a{b}") == "a{b}"
