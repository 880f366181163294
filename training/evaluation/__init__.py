"""Measures colourings of held-out drawings against the truth, beside what can be had without learning."""
