package yamlfile_test

import (
	"strings"
	"testing"
	"time"

	"muster/internal/yamlfile"
)

func TestDuration_EachForm_IsReadOrCorrected(t *testing.T) {
	const day = 24 * time.Hour
	for text, want := range map[string]struct {
		is    time.Duration
		right string // what would be right instead
	}{
		"45s": {is: 45 * time.Second}, "1h30m": {is: 90 * time.Minute}, "1.5h": {is: 90 * time.Minute},
		"7d": {is: 7 * day}, "1d12h": {is: 36 * time.Hour}, "1d90s": {is: day + 90*time.Second},
		"2 weeks": {right: "write 14d"}, "3 days": {right: "write 3d"}, "30": {right: "write 30m or 30s"}, "1 day": {right: "write 24h"},
		"soon": {right: "try 30m, 2h, 1h30m or 7d"}, "1h2d": {right: "try 30m"}, "d": {right: "try 30m"}, "1d-1h": {right: "try 30m"},
		"1d+1h": {right: "try 30m"}, "99999d": {right: "try 30m"}, "999999 weeks": {right: "try 30m"}, "61d": {right: "write at most 60d"}, "-1d": {right: "try 30m"},
	} {
		r := yamlfile.NewReader("a.yaml")
		var got time.Duration
		ok := r.Duration(r.Root([]byte("'"+text+"'\n")), "wait", yamlfile.Bounds{Least: time.Second, Most: 60 * day}, &got)
		if ok != (want.right == "") || got != want.is {
			t.Errorf("%q: %s, %t", text, got, ok)
		}
		if err := r.Err(); want.right != "" && (err == nil || !strings.Contains(err.Error(), want.right)) {
			t.Errorf("%q: %v, want %q", text, err, want.right)
		}
	}
}

func TestDuration_OrZero_TakesZeroBelowTheLeast(t *testing.T) {
	for _, orZero := range []bool{true, false} {
		r := yamlfile.NewReader("a.yaml")
		got := time.Minute
		b := yamlfile.Bounds{Least: time.Hour, Most: 2 * time.Hour, OrZero: orZero}
		if ok := r.Duration(r.Root([]byte("0s\n")), "wait", b, &got); ok != orZero || (got == 0) != orZero {
			t.Errorf("OrZero %t: %s, %t", orZero, got, ok)
		}
	}
}
