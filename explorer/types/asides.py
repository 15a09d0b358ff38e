"""What a file holds beside its records, in a word: what was left out of it is counted by these.

Sentences of them, `leftout` makes.
"""

SHEET, COLUMN, LINK = "sheet", "column", "link"
ABOVE, BELOW = "line above the column names", "line that explains the column names"
AGAIN = "line that repeats the column names"
FOOT = "line below the table"
PART = "part of a file"
CHAT_LINE, ATTACHMENT, DELETED = "line of the chat itself", "attachment", "deleted message"
AROUND = frozenset({SHEET, COLUMN, LINK, ABOVE, BELOW, AGAIN, FOOT, CHAT_LINE})
"""What is none of a file's records: no answer is lost with it."""
