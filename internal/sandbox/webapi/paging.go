package webapi

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"muster/internal/sandbox/refusal"
)

// pageOf cuts one page out of all, by a cursor that holds an offset.
func pageOf[T any](c *call, all []T, limit int) ([]T, string, error) {
	from, err := decodeCursor(c.args.text("cursor"), "offset")
	if err != nil || from > int64(len(all)) {
		return nil, "", refusal.New("invalid_cursor")
	}
	all = all[from:]
	if len(all) <= limit {
		return all, "", nil
	}
	return all[:limit], encodeCursor("offset", from+int64(limit)), nil
}

func encodeCursor(kind string, n int64) string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%s:%d", kind, n))
}

// decodeCursor reads a cursor of a kind; none is 0.
func decodeCursor(cursor, kind string) (int64, error) {
	if cursor == "" {
		return 0, nil
	}
	raw, err := base64.StdEncoding.DecodeString(cursor)
	if err != nil {
		return 0, refusal.New("invalid_cursor")
	}
	digits, ok := strings.CutPrefix(string(raw), kind+":")
	n, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil || n < 0 {
		return 0, refusal.New("invalid_cursor")
	}
	return n, nil
}

func cursorMeta(next string) object { return object{"next_cursor": next} }
