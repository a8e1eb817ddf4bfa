"""An independent restatement of the rules, slow and exact, to test the engine against."""
