"""Compare plans for a book of any size: spark-submit spark_batch.py BOOK RESULTS REJECTS."""

import sys

from pyspark.sql import SparkSession

from restructure.spark import REJECT, compare

book, results, rejects = sys.argv[1:]
spark = SparkSession.builder.appName("restructure").getOrCreate()
pairs = compare(
    spark.read.parquet(book),
    ["defer:3", "extend:12", "reduce:20%"],
    columns=["plan", "payment", "total_paid", "npv_loss", "effective_rate", "relief_3"],
).persist()
pairs.where("reject_reason is null").drop(*REJECT).write.parquet(results)
pairs.where("reject_reason is not null").write.parquet(rejects)
print(f"{pairs.where('reject_reason is not null').count()} rows of rejects")
