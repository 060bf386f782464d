package page

import (
	"fmt"
	"html/template"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var token = regexp.MustCompile(`\{[a-z_]+\}`)

// date shows a Unix time in seconds by a format such as "{date_short} at {time}".
func (p *Page) date(seconds, format, address, otherwise string) template.HTML {
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return escaped(otherwise)
	}
	at := time.Unix(n, 0).Local()
	text := token.ReplaceAllStringFunc(format, func(t string) string { return p.formatDate(t, at) })
	shown := wrapped("time", escaped(text), "datetime", at.UTC().Format(time.RFC3339), "title", at.Format(time.RFC1123Z))
	if address == "" {
		return shown
	}
	return link(address, shown)
}

// formatDate returns what one token of a format stands for.
func (p *Page) formatDate(token string, at time.Time) string {
	if plain, pretty := strings.CutSuffix(token, "_pretty}"); pretty {
		if word := p.relativeDay(at); word != "" {
			return word
		}
		token = plain + "}"
	}
	switch token {
	case "{date_num}":
		return at.Format(time.DateOnly)
	case "{date}":
		return at.Format("2 January 2006")
	case "{date_short}":
		return at.Format("2 Jan 2006")
	case "{date_long}":
		return at.Format("Monday, 2 January 2006")
	case "{time}":
		return at.Format("15:04")
	case "{time_secs}":
		return at.Format("15:04:05")
	case "{ago}":
		return p.ago(at)
	}
	return token
}

// relativeDay returns the word for a day around now, if there is one.
func (p *Page) relativeDay(at time.Time) string {
	switch day := midnight(at); {
	case day.Equal(midnight(p.Now)):
		return "today"
	case day.Equal(midnight(p.Now.Local().AddDate(0, 0, 1))):
		return "tomorrow"
	case day.Equal(midnight(p.Now.Local().AddDate(0, 0, -1))):
		return "yesterday"
	}
	return ""
}

func midnight(t time.Time) time.Time {
	y, m, d := t.Local().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.Local)
}

func (p *Page) ago(at time.Time) string {
	if at.After(p.Now) {
		return "in " + duration(at.Sub(p.Now))
	}
	return duration(p.Now.Sub(at)) + " ago"
}

// duration returns a length of time in words, as exact as somebody at a clock needs it.
func duration(d time.Duration) string {
	m := int(d.Round(time.Minute) / time.Minute)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d/time.Second))
	case m < 60:
		return fmt.Sprintf("%d min", m)
	case m%60 == 0:
		return fmt.Sprintf("%d h", m/60)
	}
	return fmt.Sprintf("%d h %d min", m/60, m%60)
}

// timeOf returns the moment of a message's ts.
func timeOf(ts string) time.Time {
	seconds, micro, _ := strings.Cut(ts, ".")
	s, _ := strconv.ParseInt(seconds, 10, 64)
	us, _ := strconv.ParseInt(micro, 10, 64)
	return time.Unix(s, us*1000).Local()
}

// DueAt and DueIn say when something comes due.
func (p *Page) DueAt() string {
	if midnight(p.Next.At).Equal(midnight(p.Now)) {
		return p.Next.At.Local().Format("15:04")
	}
	return p.Next.At.Local().Format("Mon 15:04")
}

// DueIn returns how long it is until then.
func (p *Page) DueIn() string {
	if !p.Next.At.After(p.Now) {
		return "now"
	}
	return "in " + duration(p.Next.At.Sub(p.Now))
}
