package deploy_test

import (
	"os"
	"testing"

	"muster/internal/config"
)

// Each configuration that is handed out can be run by as it is.
func TestSamples_EachConfiguration_IsRight(t *testing.T) {
	for _, name := range []string{"muster.yaml", "sandbox.yaml"} {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		c, err := config.Parse(name, content)
		if err != nil {
			t.Errorf("wrong:\n%v", err)
			continue
		}
		for _, w := range c.Warnings {
			t.Errorf("%s: %s", name, w)
		}
		if c.Policy.Announce == "" {
			t.Errorf("%s announces incidents nowhere", name)
		}
		for _, r := range c.Policy.Roles {
			if r.Holder.Empty() && name == "sandbox.yaml" {
				t.Errorf("%s: nobody holds %s", name, r.Role)
			}
		}
	}
}
