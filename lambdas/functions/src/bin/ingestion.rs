//! The ingestion function: API Gateway's requests in, responses out.

use hookline_functions::{config, runtime};

fn main() -> Result<(), lambda_runtime::Error> {
    runtime::serve(
        "ingestion",
        || config::ingestion(&config::environment),
        async |ingestion| ingestion.warm_up().await,
        |ingestion, event, invocation| async move { Ok(ingestion.handle(event.get(), &invocation).await) },
    )
}
