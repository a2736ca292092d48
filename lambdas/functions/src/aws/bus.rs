//! `EventBridge` behind [`Bus`].

use aws_sdk_eventbridge::primitives::DateTime;
use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use hookline_webhook::Event;

use crate::failure::ServiceError;
use crate::ports::Bus;

use super::connection::Connection;
use super::failed::failed;

/// Puts events on one bus.
#[derive(Debug, Clone)]
pub struct EventBridgeBus {
    client: aws_sdk_eventbridge::Client,
    bus_name: String,
}

impl EventBridgeBus {
    /// The bus of that name.
    pub fn new(connection: &Connection, bus_name: impl Into<String>) -> Self {
        Self { client: connection.eventbridge(), bus_name: bus_name.into() }
    }
}

impl Bus for EventBridgeBus {
    async fn publish(&self, event: &Event, trace_header: Option<&str>) -> Result<(), ServiceError> {
        let seconds = i64::try_from(event.time.unix_seconds()).unwrap_or(i64::MAX);
        let entry = PutEventsRequestEntry::builder()
            .event_bus_name(&self.bus_name)
            .source(&event.source)
            .detail_type(&event.detail_type)
            .time(DateTime::from_secs(seconds))
            .set_resources(Some(event.resources.clone()))
            .set_trace_header(trace_header.map(ToOwned::to_owned))
            .detail(&event.detail)
            .build();
        let output =
            self.client.put_events().entries(entry).send().await.map_err(|error| failed("PutEvents", &error))?;
        // The call returns 200 even if the entry failed: only the count says whether it is on the bus.
        if output.failed_entry_count == 0 {
            return Ok(());
        }
        let code = output.entries().iter().find_map(|entry| entry.error_code()).unwrap_or("unknown");
        Err(ServiceError::from_code("PutEvents entry", code))
    }
}
