package templates_test

import (
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"muster/internal/goldentest"
	"muster/templates"
)

// said holds a message or an answer.
type said struct {
	Text   string
	Blocks []slack.Block
}

func answer(t testing.TB) func(templates.Reply, error) said {
	t.Helper()
	return func(r templates.Reply, err error) said {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return said{r.Text, r.Blocks}
	}
}

// golden compares with a golden file. There a message's text is a list of its
// lines, to be read in a review.
func golden(t *testing.T, name string, what any) {
	t.Helper()
	if s, ok := what.(said); ok {
		what = map[string]any{"text": strings.Split(s.Text, "\n"), "blocks": s.Blocks}
	}
	goldentest.JSON(t, name, what)
}
