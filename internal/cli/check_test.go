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
			err := cli.Check(test.args, func(string) string { return test.env }, &out)
			if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) || !strings.HasSuffix(out.String(), test.out) {
				t.Errorf("got %v, and printed %q", err, out.String())
			}
		})
	}
}
