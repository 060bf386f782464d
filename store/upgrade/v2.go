package upgrade

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"

	"muster/internal/incident"
	"muster/store"
)

// Identified gives an incident of schema 2 the ID that it did not have yet.
func Identified(head, row []byte) (newHead, newRow []byte, err error) {
	inc, err := store.DecodeHead(head)
	if err != nil {
		return nil, nil, fmt.Errorf("upgrade an incident: %w", err)
	}
	s, err := store.DecodeSummary(row)
	if err != nil {
		return nil, nil, fmt.Errorf("upgrade %s: %w", inc.Number, err)
	}
	inc.ID = identity(inc)
	s.ID = inc.ID
	c, err := store.EncodeChange(incident.Change{After: inc, Summary: s})
	if err != nil {
		return nil, nil, fmt.Errorf("upgrade %s: %w", inc.Number, err)
	}
	return c.Head, c.Row, nil
}

// identity returns the ID of an incident that was declared without one. It follows
// from what never changes of it, so that a backup which is upgraded once more
// gives it the same, and another store's incident gets another.
func identity(inc incident.Incident) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %d", inc.Number, inc.Declared.By, inc.Declared.At.UnixMilli()))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
}
