"""What can go wrong with providers, models, prices and routes."""

from hone.core.errors import Conflict, Invalid


class NameTaken(Conflict):
    """This organization already uses that name; models and routes share one set of names."""

    code = "name_taken"


class VersionConflict(Conflict):
    """Someone changed this since you read it; read it again and send its present version."""

    code = "version_conflict"


class InUse(Conflict):
    """Something still uses this; change or delete that first."""

    code = "in_use"


class ModelGone(Conflict):
    """A model that this version names was deleted since."""

    code = "model_gone"


class NothingToUndo(Conflict):
    """This is the first version; there is none before it."""

    code = "nothing_to_undo"


class PriceFixed(Conflict):
    """There is a price from that moment on, and a price is never edited; choose another moment."""

    code = "price_fixed"


class PricePassed(Invalid):
    """A price starts now or later: what is past was billed. `hone prices correct` puts it right."""

    code = "price_passed"


class PriceAhead(Invalid):
    """A correction holds from a moment in the past on; a price from now on is given to its model."""

    code = "price_ahead"


class UnknownKind(Invalid):
    """There is no such kind of provider."""

    code = "unknown_kind"


class UnknownProvider(Invalid):
    """There is no provider of that name in this organization."""

    code = "unknown_provider"


class UnknownModel(Invalid):
    """There is no model of that name in this organization."""

    code = "unknown_model"


class UnknownCatalogueEntry(Invalid):
    """The catalogue has no model of that id."""

    code = "unknown_catalogue_entry"


class BaseUrlMissing(Invalid):
    """This kind of provider has no address of its own; send `baseUrl`."""

    code = "base_url_missing"


class BaseUrlInvalid(Invalid):
    """A base URL is http or https, a host, perhaps a port and a path, and nothing else."""

    code = "base_url_invalid"


class HostUnknown(Invalid):
    """This host cannot be resolved."""

    code = "host_unknown"


class AddressRefused(Invalid):
    """This host is not on the public internet, and no other address is allowed here."""

    code = "address_refused"


class NetworkRefused(Invalid):
    """This network may not be allowed from here."""

    code = "network_refused"


class CredentialNeeded(Invalid):
    """Send the credential again: it was given for another address."""

    code = "credential_needed"


class DocumentInvalid(Invalid):
    """This file cannot be applied."""

    code = "document_invalid"


class CredentialMalformed(Invalid):
    """A credential of this kind of provider has another form."""

    code = "credential_malformed"
