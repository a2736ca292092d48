//! From the SDK's errors to [`ServiceError`]: the operation and a code, nothing from the request.

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};

use crate::failure::ServiceError;

/// Classifies a failed call.
pub(super) fn failed<E, R>(operation: &'static str, error: &SdkError<E, R>) -> ServiceError
where
    E: ProvideErrorMetadata,
{
    let code = match error {
        SdkError::ConstructionFailure(_) => "request not constructible",
        SdkError::TimeoutError(_) => "timeout",
        SdkError::DispatchFailure(_) => "connection",
        SdkError::ResponseError(_) => "response",
        SdkError::ServiceError(service) => service.err().code().unwrap_or("unknown"),
        _ => "unknown",
    };
    // Some responses prefix the code with a namespace: `com.amazonaws.sqs#InvalidMessageContents`.
    let code = code.rsplit('#').next().unwrap_or(code);
    ServiceError::from_code(operation, code)
}
