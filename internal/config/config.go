package config

import (
	_ "embed"
	"fmt"

	"muster/internal/policy"
	"muster/internal/yamlfile"
)

//go:embed defaults.yaml
var defaults []byte

// Config is a configuration that is right.
type Config struct {
	Policy   policy.Policy
	Warnings []string // what works, but hardly as it is meant
}

// Default is the configuration without a file.
func Default() Config {
	c, err := Parse("", nil)
	if err != nil {
		panic("config: the defaults are wrong: " + err.Error()) // a test reads them too: cannot happen
	}
	return c
}

// Load reads a file on top of the defaults; path "" means the defaults alone.
// The error is [yamlfile.Problems] where the file can be read but is wrong.
func Load(path string) (Config, error) {
	if path == "" {
		return Default(), nil
	}
	b, err := yamlfile.Read(path)
	if err != nil {
		return Config{}, fmt.Errorf("configuration: %w", err)
	}
	return Parse(path, b)
}

// Parse reads the content of a file called name on top of the defaults. Its
// error is always [yamlfile.Problems].
func Parse(name string, b []byte) (Config, error) {
	var d document
	own := yamlfile.NewEmbedded("defaults.yaml")
	d.read(own, defaults)
	if err := own.Err(); err != nil {
		return Config{}, err
	}
	r := yamlfile.NewReader(name)
	d.read(r, b)
	d.check(r)
	if err := r.Err(); err != nil {
		return Config{}, err
	}
	return Config{Policy: d.policy(), Warnings: d.people.warnings()}, nil
}
