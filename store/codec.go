package store

import (
	"encoding/json"
	"fmt"
	"time"

	"muster/internal/incident"
)

// Format is the version of the encoding of incidents. A store that holds a
// newer one was written by a newer Muster.
const Format = 1

// document is an incident as the drivers keep it.
type document struct {
	Format int `json:"format"` // first, so that it is read before anything unknown
	incident.Incident
}

// EncodeIncident encodes an incident for keeping.
func EncodeIncident(i incident.Incident) ([]byte, error) {
	b, err := json.Marshal(document{Format, i})
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", i.Number, err)
	}
	return b, nil
}

// DecodeIncident decodes what [EncodeIncident] encoded.
func DecodeIncident(b []byte) (incident.Incident, error) {
	var d document
	err := json.Unmarshal(b, &d)
	if d.Format > Format {
		return incident.Incident{}, fmt.Errorf("decode incident: it was written by a newer Muster (format %d; this one knows up to %d): run that version, or newer", d.Format, Format)
	}
	if err != nil {
		return incident.Incident{}, fmt.Errorf("decode incident: %w", err)
	}
	return d.Incident, nil
}

// EncodeEntry encodes a timeline entry for keeping.
func EncodeEntry(e incident.Entry) ([]byte, error) { return encode(e, "timeline entry") }

// DecodeEntry decodes what [EncodeEntry] encoded.
func DecodeEntry(b []byte) (incident.Entry, error) {
	return decode[incident.Entry](b, "timeline entry")
}

// EncodeNotice encodes a notice for keeping.
func EncodeNotice(n incident.Notice) ([]byte, error) { return encode(n, "notice") }

// DecodeNotice decodes what [EncodeNotice] encoded.
func DecodeNotice(b []byte) (incident.Notice, error) { return decode[incident.Notice](b, "notice") }

func encode[T any](v T, what string) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", what, err)
	}
	return b, nil
}

func decode[T any](b []byte, what string) (T, error) {
	var v T
	if err := json.Unmarshal(b, &v); err != nil {
		return v, fmt.Errorf("decode %s: %w", what, err)
	}
	return v, nil
}

// Millis is a moment as the drivers keep it: milliseconds since 1970 UTC, 0 for
// the zero time.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Moment is the time that [Millis] made a number of.
func Moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
