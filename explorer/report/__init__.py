"""Turns a finished run into a document to read (HTML) and into data to work with (CSV, Parquet, JSON, NumPy).

It computes nothing about the run but its near-duplicates, and changes nothing.
"""

from explorer.report.alike import alike
from explorer.report.archive import bundle, selected_items
from explorer.report.comparison import comparison_page
from explorer.report.csvpieces import rows_as_csv
from explorer.report.faults import csv_of_faults, faults_of, sentence
from explorer.report.files import pieces, render, write_page, write_report
from explorer.report.glossary import BY_KEY, JOINED, TERMS, bare, question, where
from explorer.report.pictures import Thumbnail
from explorer.report.piecewise import Sink
