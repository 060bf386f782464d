package cli

import (
	"fmt"
	"io"

	"muster/internal/config"
)

// Check is `muster check [FILE]`.
func Check(args []string, getenv func(string) string, out io.Writer) error {
	path := getenv("MUSTER_CONFIG")
	if len(args) > 0 {
		path = args[0]
	}
	cfg, err := config.Load(path)
	if err != nil {
		return err
	}
	if path == "" {
		path = "the defaults"
	}
	for _, w := range cfg.Warnings {
		fmt.Fprintf(out, "%s: %s\n", path, w)
	}
	store, err := config.Store("MUSTER_STORE", getenv("MUSTER_STORE"), getenv)
	if err != nil {
		return err
	}
	if w := config.StoreWarning(store); w != "" {
		fmt.Fprintln(out, w)
	}
	fmt.Fprintf(out, "%s: configuration OK\n", path)
	return nil
}
