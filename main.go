// Command muster is a self-hosted, Slack-native incident bot.
package main

import (
	"os"

	"muster/internal/cli"
)

var version = "dev" // set when a release is built

func main() { os.Exit(cli.Main(version)) }
