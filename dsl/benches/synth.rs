//! What synth costs: a stack of 10,000 and of 100,000 queues is declared, checked and printed, and the same bytes are built
//! with plain `indexmap` (the ordered map of `serde_json`) and `serde_json`, the least that any library could take.
//!
//! `cargo bench -p tfdsl`; the ratio is the quotient of the two times of one size.

#![allow(missing_docs, reason = "the macro makes a function")]

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

#[allow(dead_code, reason = "the example has a main of its own")]
#[path = "../examples/scale.rs"]
mod scale;

fn synth(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("synth");
    group.sample_size(10).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(5));
    for resources in [10_000_usize, 100_000] {
        group.throughput(Throughput::Elements(resources as u64));
        group.bench_with_input(BenchmarkId::new("tfdsl", resources), &resources, |bencher, resources| {
            bencher.iter(|| scale::with_tfdsl(black_box(*resources)));
        });
        group.bench_with_input(BenchmarkId::new("serde_json", resources), &resources, |bencher, resources| {
            bencher.iter(|| scale::with_serde_json(black_box(*resources)));
        });
    }
    group.finish();
}

criterion_group!(benches, synth);
criterion_main!(benches);
