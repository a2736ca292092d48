"""The operations of the Terraform plugin protocol (version 6) over the table."""

import functools
import traceback

from tf.gen import tfplugin_pb2 as pb
from tf.gen import tfplugin_pb2_grpc as rpc

from . import checks, engine, planner, values
from .cloud import CallFailed, Cloud, EndpointRefused, require_loopback
from .schema import load
from .table import DATA_SOURCES, ROWS

ERROR, WARNING = pb.Diagnostic.ERROR, pb.Diagnostic.WARNING
OFFLINE_SUMMARY = "This is the offline stand-in for hashicorp/aws"
OFFLINE_DETAIL = (
    "It carries out this document on an AWS emulator on this machine, for tests and demonstrations only. It does not have "
    "the defaults and checks of the real provider; see tests/offline/README.md for what it cannot prove."
)


def diagnostic(summary: str, detail: str = "", path: tuple = (), severity=ERROR) -> pb.Diagnostic:
    steps = [
        pb.AttributePath.Step(element_key_int=step) if isinstance(step, int) else pb.AttributePath.Step(attribute_name=step)
        for step in path
    ]
    attribute = pb.AttributePath(steps=steps) if steps else None
    return pb.Diagnostic(severity=severity, summary=summary, detail=detail, attribute=attribute)


def dynamic(value) -> pb.DynamicValue:
    return pb.DynamicValue(msgpack=values.encode(value))


def failures_as_diagnostics(response):
    """An operation never breaks the connection: what it raises reaches the user as an error of that resource."""

    def decorate(method):
        @functools.wraps(method)
        def wrapped(self, request, context):
            try:
                return method(self, request)
            except (CallFailed, EndpointRefused) as error:
                detail = diagnostic(str(error))
            except Exception as error:  # a bug here must not look like a crash of Terraform
                trace = traceback.format_exc(limit=-4)
                detail = diagnostic(f"offline provider: {type(error).__name__}: {error}", trace)
            return response(diagnostics=[detail])

        return wrapped

    return decorate


class OfflineProvider(rpc.ProviderServicer):
    def __init__(self, table: dict = ROWS):
        self.table, self.schemas, self.cloud = table, load(), Cloud()

    def GetProviderSchema(self, request, context):
        return self.schemas.to_pb(set(self.table))

    @failures_as_diagnostics(pb.ValidateProviderConfig.Response)
    def ValidateProviderConfig(self, request):
        for url in endpoints_of(values.decode(request.config)).values():
            require_loopback(url)
        return pb.ValidateProviderConfig.Response(diagnostics=[diagnostic(OFFLINE_SUMMARY, OFFLINE_DETAIL, severity=WARNING)])

    @failures_as_diagnostics(pb.ConfigureProvider.Response)
    def ConfigureProvider(self, request):
        config = values.decode(request.config)
        tags = [block["tags"] for block in config.get("default_tags") or [] if block.get("tags")]
        settings = {key: config[key] for key in ("region", "access_key", "secret_key") if isinstance(config.get(key), str)}
        self.cloud = Cloud(
            path_style=config.get("s3_use_path_style") is not False,
            endpoints=endpoints_of(config),
            default_tags=tags[0] if tags and values.wholly_known(tags[0]) else {},
            **settings,
        )
        self.cloud.endpoint("sts")  # fails early when there is no endpoint at all, or one that is not on loopback
        return pb.ConfigureProvider.Response()

    @failures_as_diagnostics(pb.ValidateResourceConfig.Response)
    def ValidateResourceConfig(self, request):
        block, config = self.schemas.resources[request.type_name], values.decode(request.config)
        found = [refuse_computed(path) for path in checks.computed_only(block, config)]
        for path in checks.not_carried_out(self.table[request.type_name], block, self.cloud, config):
            text = f"The offline provider does not carry out `{path}` of {request.type_name}"
            found.append(diagnostic(text, "Add it to the table in tests/offline/offline_provider/table/.", (path.split(".")[0],)))
        refuse = self.table[request.type_name].refuse
        for text in refuse(config) if refuse else []:
            found.append(diagnostic(f"The offline provider does not carry out {text}", "It refuses what it would have to leave out."))
        return pb.ValidateResourceConfig.Response(diagnostics=found)

    @failures_as_diagnostics(pb.ValidateDataResourceConfig.Response)
    def ValidateDataResourceConfig(self, request):
        block = self.schemas.data_sources[request.type_name]
        found = [refuse_computed(path) for path in checks.computed_only(block, values.decode(request.config))]
        return pb.ValidateDataResourceConfig.Response(diagnostics=found)

    @failures_as_diagnostics(pb.UpgradeResourceState.Response)
    def UpgradeResourceState(self, request):
        return pb.UpgradeResourceState.Response(upgraded_state=pb.DynamicValue(json=request.raw_state.json))

    @failures_as_diagnostics(pb.ReadResource.Response)
    def ReadResource(self, request):
        state = self.engine(request.type_name).read(values.decode(request.current_state))
        return pb.ReadResource.Response(new_state=dynamic(state))

    @failures_as_diagnostics(pb.PlanResourceChange.Response)
    def PlanResourceChange(self, request):
        prior, proposed = values.decode(request.prior_state), values.decode(request.proposed_new_state)
        if proposed is None:
            return pb.PlanResourceChange.Response(planned_state=dynamic(None))
        row, block = self.table[request.type_name], self.schemas.resources[request.type_name]
        planned, replaced = planner.plan(row, block, self.cloud, prior, proposed, values.decode(request.config))
        paths = [pb.AttributePath(steps=[pb.AttributePath.Step(attribute_name=name)]) for name in replaced]
        return pb.PlanResourceChange.Response(planned_state=dynamic(planned), requires_replace=paths)

    @failures_as_diagnostics(pb.ApplyResourceChange.Response)
    def ApplyResourceChange(self, request):
        prior, planned = values.decode(request.prior_state), values.decode(request.planned_state)
        worker = self.engine(request.type_name)
        try:
            if planned is None:
                worker.delete(prior)
                state = None
            else:
                state = worker.create(planned) if prior is None else worker.update(prior, planned)
            return pb.ApplyResourceChange.Response(new_state=dynamic(state))
        except engine.Partial as error:
            return pb.ApplyResourceChange.Response(new_state=dynamic(error.state), diagnostics=[diagnostic(str(error))])
        except (CallFailed, EndpointRefused) as error:
            return pb.ApplyResourceChange.Response(new_state=dynamic(prior), diagnostics=[diagnostic(str(error))])
        except Exception as error:
            found = diagnostic(f"offline provider: {type(error).__name__}: {error}", traceback.format_exc(limit=-4))
            return pb.ApplyResourceChange.Response(new_state=dynamic(prior), diagnostics=[found])

    @failures_as_diagnostics(pb.ReadDataSource.Response)
    def ReadDataSource(self, request):
        config, source = values.decode(request.config), DATA_SOURCES[request.type_name]
        known = self.cloud.context()
        if source.read:
            known = known | self.cloud.call(source.service, source.read.operation)
        computed = {name: template.format_map(known) for name, template in source.computed.items()}
        return pb.ReadDataSource.Response(state=dynamic({name: computed.get(name, value) for name, value in config.items()}))

    @failures_as_diagnostics(pb.ImportResourceState.Response)
    def ImportResourceState(self, request):
        return pb.ImportResourceState.Response(diagnostics=[diagnostic("The offline provider cannot import")])

    def StopProvider(self, request, context):
        return pb.StopProvider.Response()

    def engine(self, type_name: str) -> engine.Engine:
        return engine.Engine(type_name, self.table[type_name], self.schemas.resources[type_name], self.cloud)


def endpoints_of(config: dict) -> dict:
    """Service -> URL of the provider block's `endpoints`."""
    blocks = [block for block in config.get("endpoints") or [] if isinstance(block, dict)]
    return {name: url for block in blocks for name, url in block.items() if isinstance(url, str)}


def refuse_computed(path: tuple) -> pb.Diagnostic:
    name = path[-1]
    return diagnostic("Invalid Configuration for Read-Only Attribute", f"`{name}` is set by AWS and cannot be configured: remove it.", path)
