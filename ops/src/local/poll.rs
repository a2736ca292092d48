//! Waiting for something to become true, with a deadline.

use std::time::Duration;

use tokio::time::Instant;

/// Between two looks: short enough not to be felt, long enough not to keep the emulator's one process busy.
const PAUSE: Duration = Duration::from_millis(50);

/// What was awaited did not happen in time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("waited {} s for {what}, and it did not come", limit.as_secs())]
pub struct TimedOut {
    /// What was awaited.
    pub what: String,
    /// For how long.
    pub limit: Duration,
}

/// Looks until there is something to see. The last look comes after the deadline, so that a slow look is not a miss.
///
/// # Errors
/// [`TimedOut`] after `limit`.
pub async fn until<T>(
    what: impl Into<String>,
    limit: Duration,
    mut look: impl AsyncFnMut() -> Option<T>,
) -> Result<T, TimedOut> {
    let deadline = Instant::now() + limit;
    loop {
        let last = Instant::now() >= deadline;
        if let Some(seen) = look().await {
            return Ok(seen);
        }
        if last {
            return Err(TimedOut { what: what.into(), limit });
        }
        tokio::time::sleep(PAUSE).await;
    }
}
