#!/usr/bin/env python3
"""Prints the override file that turns main.tf.json to an emulator: put it beside it as override.tf.json.

The offline provider and the official one read it alike, so main.tf.json stays what is deployed for real.
"""

import argparse
import json

SERVICES = "apigateway cloudwatch dynamodb events iam lambda logs s3 secretsmanager sns sqs sts".split()


def override(endpoint: str, access_key: str = "test", secret_key: str = "test") -> dict:
    return {
        "provider": {
            "aws": {
                "access_key": access_key,
                "secret_key": secret_key,
                "s3_use_path_style": True,
                "skip_credentials_validation": True,
                "skip_metadata_api_check": "true",
                "skip_region_validation": True,
                "endpoints": [{service: endpoint for service in SERVICES}],
            }
        }
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--endpoint", required=True, help="for instance http://127.0.0.1:4566")
    print(json.dumps(override(parser.parse_args().endpoint), indent=2))
