package yamlfile_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/internal/yamlfile"
)

// settings is a small file's content.
type settings struct {
	name string
	wait time.Duration
	list []string
}

func (s *settings) read(r *yamlfile.Reader, n yamlfile.Node) {
	r.Object(n, "the file",
		yamlfile.Field{Key: "name", Required: true, Read: func(n yamlfile.Node) { r.Text(n, "name", &s.name) }},
		yamlfile.Field{Key: "wait", Read: func(n yamlfile.Node) {
			r.Duration(n, "wait", yamlfile.Bounds{Least: time.Second, Most: time.Hour}, &s.wait)
		}},
		yamlfile.Field{Key: "list", Read: func(n yamlfile.Node) {
			items, _ := r.List(n, "list")
			for _, item := range items {
				var text string
				if r.Text(item, "this item", &text) {
					s.list = append(s.list, text)
				}
			}
		}},
	)
}

func TestReader_RightFile_GivesItsValues(t *testing.T) {
	var got settings
	r := yamlfile.NewReader("a.yaml")
	got.read(r, r.Root([]byte("name: Ana\nwait: 90s\nlist: [a, b]\n")))
	if r.Err() != nil {
		t.Fatal(r.Err())
	}
	want := settings{"Ana", 90 * time.Second, []string{"a", "b"}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(settings{})); diff != "" {
		t.Error(diff)
	}
}

func TestReader_WrongFile_NotesAllProblemsInItsOrderAndKeepsDefaults(t *testing.T) {
	got := settings{wait: time.Minute}
	r := yamlfile.NewReader("a.yaml")
	got.read(r, r.Root([]byte("list: [a, 7]\nnaem: Ana\nwait: 2 d\n")))
	if got.wait != time.Minute {
		t.Errorf("a mistake replaced the default by %s", got.wait)
	}
	places := []string{"a.yaml:1:11: ", "a.yaml:2:1: ", "a.yaml:3:7: "}
	lines := strings.Split(r.Err().Error(), "\n")
	if len(lines) != len(places) {
		t.Fatalf("got %d problems:\n%s", len(lines), r.Err())
	}
	for i, line := range lines {
		if !strings.HasPrefix(line, places[i]) {
			t.Errorf("problem %d is %q, want it at %s", i, line, places[i])
		}
	}
	if !strings.Contains(lines[1], `"name"`) || !strings.Contains(lines[2], "write 2d") {
		t.Errorf("not said what would be right:\n%s", r.Err())
	}
}

func TestReader_EmbeddedFile_HasNoPlaces(t *testing.T) {
	for embedded, r := range map[bool]*yamlfile.Reader{true: yamlfile.NewEmbedded("d.yaml"), false: yamlfile.NewReader("d.yaml")} {
		if at := r.Place(r.Root([]byte("name: Ana\n"))); at.Written() == embedded {
			t.Errorf("embedded %t: the place is %v", embedded, at)
		}
	}
}
