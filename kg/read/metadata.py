from kg.model import Metadata
class MetadataReader:
    def __init__(self, domain): pass
    def __call__(self, text): return Metadata()
