package slack_test

import (
	"net/url"
	"testing"
)

func TestZone_OfAProfile_IsAskedOnce(t *testing.T) {
	w := newWorkspace(t)
	w.methods["users.info"] = func(form url.Values) object {
		return object{"ok": true, "user": object{"id": form.Get("user"), "tz": "Asia/Kolkata"}}
	}
	c := w.client()
	for range 2 {
		zone, err := c.Zone(t.Context(), "U1")
		if err != nil || zone.String() != "Asia/Kolkata" {
			t.Errorf("got %v, %v", zone, err)
		}
	}
	if n := len(w.forms("users.info")); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

func TestZone_ProfileWithoutOne_IsAnError(t *testing.T) {
	for _, tz := range []string{"", "Local", "Mars/Olympus"} {
		w := newWorkspace(t)
		w.methods["users.info"] = func(url.Values) object { return object{"ok": true, "user": object{"id": "U1", "tz": tz}} }
		if zone, err := w.client().Zone(t.Context(), "U1"); err == nil {
			t.Errorf("%q: %v", tz, zone)
		}
	}
	w := newWorkspace(t)
	w.methods["users.info"] = refuse("missing_scope")
	if _, err := w.client().Zone(t.Context(), "U1"); err == nil {
		t.Error("a refusal is no error")
	}
}
