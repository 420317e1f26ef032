"""An import contract of our own: a package is used through its root, never through its parts."""

from importlinter import Contract, ContractCheck, fields, output


class PackageRootContract(Contract):
    """Siblings import each other's package root, and none of the modules inside it."""

    containers = fields.ListField(subfield=fields.StringField())
    shared = fields.SetField(subfield=fields.StringField())
    openers = fields.SetField(subfield=fields.StringField())

    def check(self, graph, verbose):
        """List every import that reaches past a package's root."""
        reaches = [
            f"{importer} -> {module}"
            for container in self.containers
            for package in sorted(graph.find_children(container) - self.shared)
            for module in sorted(graph.find_descendants(package))
            for importer in graph.find_modules_that_directly_import(module)
            if not self._belongs(importer, package) and not self._opens(importer)
        ]
        return ContractCheck(kept=not reaches, metadata={"reaches": reaches})

    def render_broken_contract(self, check):
        """Print one line for each reach."""
        for reach in check.metadata["reaches"]:
            output.print_error(f"{reach}: import the package root instead.")

    @staticmethod
    def _belongs(importer, package):
        return importer == package or importer.startswith(f"{package}.")

    def _opens(self, importer):
        return any(self._belongs(importer, opener) for opener in self.openers)
