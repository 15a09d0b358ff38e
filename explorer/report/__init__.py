"""A Run to html, csv, parquet, json and npy: pure functions of a Run."""
