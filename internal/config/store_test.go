package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"muster/internal/config"
)

func TestStore_PasswordBesideTheURL_IsPutIn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("p@ss/w:rd?\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ url, password, want string }{
		{"redis://h:1/2", "a", "redis://:a@h:1/2"},
		{"rediss://u@h", "a", "rediss://u:a@h"},
		{"redis+cluster://u@a:1,b:2?x=@", "", "redis+cluster://u:p@ss%2Fw:rd%3F@a:1,b:2?x=@"},
		{"redis://u:own@h", "a", "redis://u:own@h"},
		{"sqlite:/a@b:c", "a", "sqlite:/a@b:c"},
	} {
		env := map[string]string{"MUSTER_STORE_PASSWORD": test.password}
		if test.password == "" {
			env["MUSTER_STORE_PASSWORD_FILE"] = file
		}
		got, err := config.Store("FROM", test.url, getenv(env))
		if err != nil || got.Reveal() != test.want {
			t.Errorf("%s: %q, %v; want %q", test.url, got.Reveal(), err, test.want)
		}
	}
}

func TestStore_WrongURL_IsNeverQuoted(t *testing.T) {
	for _, url := range []string{"redi://u:hush@h", "hush@h", "u:hush@h", "redis:u:hush@h", "http://u:hush@h", ":hush", "redis://u:hush@h/%zz"} {
		if _, err := config.Store("FROM", url, getenv(nil)); err != nil && strings.Contains(err.Error(), "hush") {
			t.Errorf("%v", err)
		}
	}
}

func TestStoreWarning_PasswordInTheClear_NamesTheHost(t *testing.T) {
	for url, want := range map[string]string{
		"redis://u:hush@cache.example:6379/1":       "cache.example",
		"redis://:hush@[2001:db8::1]":               "2001:db8::1",
		"redis+sentinel://:hush@localhost,b:1/main": "password for b goes",
		"redis+cluster://u:hush@10.0.0.1:1":         "Use rediss+cluster://",
		"redis://cache.example":                     "",
		"redis://:hush@127.0.0.1:6379":              "",
		"redis://:hush@localhost":                   "",
		"redis://:hush@[::1]:1":                     "",
		"rediss://:hush@cache.example":              "",
		"sqlite:a:b@c":                              "",
	} {
		got := config.StoreWarning(config.NewSecret(url))
		if (got == "") != (want == "") || !strings.Contains(got, want) || strings.Contains(got, "hush") {
			t.Errorf("%s: %q, want %q", url, got, want)
		}
	}
}
