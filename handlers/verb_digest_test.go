package handlers

import (
	"strings"
	"testing"
)

func TestDigest_Typed_IsShownToTheAskerOnly(t *testing.T) {
	s := &incidents{}
	said := answered(t, router(t, s, &fakeSlack{}).Route(t.Context(), types("digest")))
	if !strings.Contains(said, "Nothing to report since") || len(s.wrote) > 0 {
		t.Errorf("said %q, wrote %+v", said, s.wrote)
	}
}
