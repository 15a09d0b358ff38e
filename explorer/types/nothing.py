"""What stands for no value in files, and what people write for no answer; how it is told apart is said elsewhere."""

NOTHING = ("NA", "N/A", "n/a", "n.a.", "#N/A", "NaN", "nan", "NULL", "null", "<NA>", "None", "none", "NaT", "-", "–", "—", "--", r"\N", "?", "0000-00-00", "0000-00-00 00:00:00")  # fmt: skip # noqa: E501
"""What stands for no value in whatever files hold; what people write for it besides, `columns` has."""
NEVER_AN_ANSWER = frozenset({"n/a", "n.a.", "#n/a", "nan", "null", "<na>", "<null>", "(null)", "nat", "-", "–", "—", "--", "---", "#div/0!", "#value!", "#ref!", "#name?", "#num!", "#null!", "#spill!", "#calc!", "#field!", "/", "//", "./.", ".", "..", "k.a.", "k. a.", r"\n", "[]", "{}"})  # fmt: skip # noqa: E501
"""What, in lower case, is no answer among words either: “NA” is a country, “None” and “?” are said."""
