"""The same graph, built on Apache Spark: documents, names and facts in frames, nothing of them on the driver.

Needs the extra ``jiangpu[spark]`` and Java 17. Extraction, the rules of identity and the RDF are those of the other
stages; here is only what brings them to where the data is.
"""

from kg.spark.building import FILES, Built, build

__all__ = ["FILES", "Built", "build"]
