// Package deploy holds what it takes to install Muster, and embeds the parts
// of it that the program itself hands out.
package deploy

import _ "embed"

// Manifest is the Slack app's manifest, as YAML.
//
//go:embed slack-manifest.yaml
var Manifest []byte

// SandboxConfig is the configuration that fits the sandbox's seeded people.
//
//go:embed sandbox.yaml
var SandboxConfig []byte
