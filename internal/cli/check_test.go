package cli_test

import (
	"strings"
	"testing"

	"muster/internal/cli"
)

func TestCheck_Configuration_SaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	wrong := written(t, "wrong.yaml", "chanels: {}\n")
	for name, test := range map[string]struct {
		args     []string
		env      string
		out, err string
	}{
		"the defaults":       {nil, "", "the defaults: configuration OK\n", ""},
		"a file":             {[]string{written(t, "own.yaml", "channels: {announce: C0INCIDEN1}\n")}, wrong, "own.yaml: configuration OK\n", ""},
		"of the environment": {nil, wrong, "", wrong + ":1:1: unknown key"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			err := cli.Check(test.args, func(name string) string { return map[string]string{"MUSTER_CONFIG": test.env}[name] }, &out)
			if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) || !strings.HasSuffix(out.String(), test.out) {
				t.Errorf("got %v, and printed %q", err, out.String())
			}
		})
	}
}

func TestCheck_PasswordInTheClear_IsWarnedOf(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	env := map[string]string{"MUSTER_STORE": "redis://cache.example", "MUSTER_STORE_PASSWORD": "hush"}
	if err := cli.Check(nil, func(name string) string { return env[name] }, &out); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "the password for cache.example goes over the network unencrypted") || strings.Contains(out.String(), "hush") {
		t.Errorf("printed %q", out.String())
	}
}
