package redistest

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"testing"

	"github.com/redis/go-redis/v9"
)

// Replay sends the commands in a file to the server at a URL: a line each, as a
// list in JSON.
func Replay(t testing.TB, url, path string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	o, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(o)
	defer client.Close()
	pipe := client.Pipeline()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var args []any
		if err := json.Unmarshal(lines.Bytes(), &args); err != nil {
			t.Fatalf("%s: %s: %v", path, lines.Text(), err)
		}
		pipe.Do(context.Background(), args...)
	}
	if _, err := pipe.Exec(context.Background()); err != nil {
		t.Fatal(err)
	}
}
