//! S3 behind [`Archive`].

use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::operation::get_object::builders::GetObjectFluentBuilder;
use aws_sdk_s3::primitives::ByteStream;
use hookline_webhook::ObjectKey;

use crate::failure::{ArchiveError, ServiceError};
use crate::ports::{Archive, NewObject, Stored};

use super::connection::Connection;
use super::failed::failed;

/// One bucket, written once per key.
#[derive(Debug, Clone)]
pub struct S3Archive {
    client: aws_sdk_s3::Client,
    bucket: String,
}

impl S3Archive {
    /// The bucket of that name.
    pub fn new(connection: &Connection, bucket: impl Into<String>) -> Self {
        Self { client: connection.s3(), bucket: bucket.into() }
    }

    fn object(&self, key: &str) -> GetObjectFluentBuilder {
        self.client.get_object().bucket(&self.bucket).key(key)
    }
}

impl Archive for S3Archive {
    async fn put(&self, object: &NewObject<'_>) -> Result<Stored, ArchiveError> {
        let mut request = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(object.key.as_str())
            .if_none_match("*")
            .checksum_sha256(object.sha256.to_base64())
            .content_type("application/octet-stream")
            .body(ByteStream::from(object.bytes.to_vec()));
        for (name, value) in object.metadata {
            request = request.metadata(*name, value);
        }
        match request.send().await {
            Ok(_) => Ok(Stored::Created),
            Err(error) => match error.raw_response().map(|response| response.status().as_u16()) {
                Some(412) => Ok(Stored::AlreadyThere),
                Some(409) => Err(ArchiveError::Conflict),
                _ => Err(failed("PutObject", &error).into()),
            },
        }
    }

    async fn get(&self, key: &ObjectKey) -> Result<Vec<u8>, ArchiveError> {
        read(self.object(key.as_str())).await
    }

    async fn configuration(&self, key: &str, version: &str) -> Result<Vec<u8>, ArchiveError> {
        read(self.object(key).version_id(version)).await
    }
}

async fn read(request: GetObjectFluentBuilder) -> Result<Vec<u8>, ArchiveError> {
    let output = request.send().await.map_err(|error| {
        if error.as_service_error().is_some_and(GetObjectError::is_no_such_key) {
            ArchiveError::Missing
        } else {
            failed("GetObject", &error).into()
        }
    })?;
    let bytes = output.body.collect().await.map_err(|_| ServiceError::from_code("GetObject", "response"))?;
    Ok(bytes.to_vec())
}
