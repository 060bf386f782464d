package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"muster/internal/incident"
	"muster/internal/notice"
)

// Format is the version of the encoding of heads. A store that holds a newer
// one was written by a newer Muster.
const Format = 3

// Encoded is a commit as the drivers keep it.
type Encoded struct {
	incident.Commit
	Changes []EncodedChange // in the order of the commit's
	Notices [][]byte        // in the order of [incident.Commit.Queued]
}

// EncodedChange is one of the commit's changes. The bodies of its parts are
// kept as they are.
type EncodedChange struct {
	incident.Change
	Head    []byte
	Row     []byte // the summary
	Entries [][]byte
}

// Encode checks a commit and encodes it. What it refuses, no driver can commit,
// whatever it holds.
func Encode(c incident.Commit) (Encoded, error) {
	all := Encoded{Commit: c}
	if err := check(c); err != nil {
		return all, fmt.Errorf("commit %q: %w", c.Key, err)
	}
	for _, change := range c.Changes {
		e, err := EncodeChange(change)
		if err != nil {
			return all, fmt.Errorf("commit %q: %w", c.Key, err)
		}
		all.Changes = append(all.Changes, e)
	}
	var err error
	all.Notices, err = each(c.Queued(), EncodeNotice)
	return all, err
}

// EncodeChange encodes one change. A head that has grown too large is refused.
func EncodeChange(c incident.Change) (EncodedChange, error) {
	e := EncodedChange{Change: c}
	var err error
	if e.Head, err = encode(head{Format, c.After}, "incident"); err != nil {
		return e, err
	}
	if len(e.Head) > incident.MaxHead {
		return e, fmt.Errorf("%s has grown to %d bytes; at most %d are kept", c.After.Number, len(e.Head), incident.MaxHead)
	}
	if e.Row, err = encode(c.Summary, "summary"); err != nil {
		return e, err
	}
	e.Entries, err = each(c.Entries, func(entry incident.Entry) ([]byte, error) { return encode(entry, "timeline entry") })
	return e, err
}

// Size returns how many bytes of content the commit carries.
func (e Encoded) Size() int {
	size := total(e.Notices)
	for _, c := range e.Changes {
		size += len(c.Head) + len(c.Row) + total(c.Entries)
		for _, p := range c.Parts {
			size += len(p.ID) + len(p.Body)
		}
	}
	return size
}

func total(bodies [][]byte) (size int) {
	for _, b := range bodies {
		size += len(b)
	}
	return size
}

func each[T any](all []T, encode func(T) ([]byte, error)) ([][]byte, error) {
	bodies := make([][]byte, len(all))
	for i, v := range all {
		var err error
		if bodies[i], err = encode(v); err != nil {
			return nil, err
		}
	}
	return bodies, nil
}

// head is an incident's head as the drivers keep it.
type head struct {
	Format int `json:"format"` // first, so that it is read before anything unknown
	incident.Incident
}

// DecodeHead decodes the head that [Encode] encoded.
func DecodeHead(b []byte) (incident.Incident, error) {
	var h head
	err := json.Unmarshal(b, &h)
	if h.Format > Format {
		return incident.Incident{}, fmt.Errorf("decode incident: it was written by a newer Muster (format %d; this one knows up to %d): run that version, or newer", h.Format, Format)
	}
	if err != nil {
		return incident.Incident{}, fmt.Errorf("decode incident: %w", err)
	}
	return h.Incident, nil
}

// DecodeSummary decodes the row that [Encode] encoded.
func DecodeSummary(b []byte) (incident.Summary, error) {
	return decode[incident.Summary](b, "summary")
}

// DecodeEntry decodes a timeline entry that [Encode] encoded.
func DecodeEntry(b []byte) (incident.Entry, error) {
	return decode[incident.Entry](b, "timeline entry")
}

// EncodeNotice encodes a notice for keeping.
func EncodeNotice(n notice.Notice) ([]byte, error) { return encode(n, "notice") }

// DecodeNotice decodes what [EncodeNotice] encoded.
func DecodeNotice(b []byte) (notice.Notice, error) { return decode[notice.Notice](b, "notice") }

// encode leaves "<", ">" and "&" as they are, so that a text keeps its size.
func encode(v any, what string) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("encode %s: %w", what, err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

func decode[T any](b []byte, what string) (T, error) {
	var v T
	if err := json.Unmarshal(b, &v); err != nil {
		return v, fmt.Errorf("decode %s: %w", what, err)
	}
	return v, nil
}

// Doubt returns how a driver keeps whether a lane's head is in doubt, and since
// when: 0 if it is not, 1 if nobody knows since when.
func Doubt(inDoubt bool, since time.Time) int64 {
	switch {
	case !inDoubt:
		return 0
	case since.IsZero():
		return 1
	}
	return Millis(since)
}

// DoubtOf returns what [Doubt] made a number of.
func DoubtOf(n int64) (inDoubt bool, since time.Time) {
	if n > 1 {
		since = Moment(n)
	}
	return n != 0, since
}

// Millis returns a moment as the drivers keep it: milliseconds since 1970 UTC,
// 0 for the zero time.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Moment returns the time that [Millis] made a number of.
func Moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
