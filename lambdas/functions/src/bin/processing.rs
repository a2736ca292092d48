//! The processing function: batches from the FIFO queue in, the messages to retry out.

use hookline_functions::{config, runtime};

fn main() -> Result<(), lambda_runtime::Error> {
    runtime::serve(
        "processing",
        || config::processing(&config::environment),
        async |_| (),
        |processing, event, invocation| async move { Ok(processing.handle(event.get(), &invocation).await?) },
    )
}
