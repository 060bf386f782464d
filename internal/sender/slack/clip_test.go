package slack

import "testing"

func TestClip_TooLong_EndsBetweenCharacters(t *testing.T) {
	for _, c := range []struct {
		text  string
		limit int
		want  string
	}{
		{"short", 5, "short"},
		{"too long", 5, "too…"},
		{"ééééé", 5, "ééééé"},
		{"éééééé", 5, "éééé…"},
		{"ask <@U061F7AUR> now", 10, "ask…"},
		{"a &amp; b and more", 6, "a…"},
		{"a &amp; b and more", 9, "a &amp;…"},
		{"R & D and more", 6, "R & D…"},
	} {
		if got := clip(c.text, c.limit); got != c.want {
			t.Errorf("%q to %d: got %q, want %q", c.text, c.limit, got, c.want)
		}
	}
}
