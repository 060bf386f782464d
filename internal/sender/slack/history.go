package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"
)

// seen is what is read of a message that is there. Slack adds types without
// notice, and a message that cannot be read as a whole must not hide the others.
type seen struct {
	TS       string `json:"ts"`
	User     string `json:"user"`
	BotID    string `json:"bot_id"`
	Metadata struct {
		EventType string         `json:"event_type"`
		Payload   map[string]any `json:"event_payload"`
	} `json:"metadata"`
}

// page is a part of a channel's history.
type page struct {
	Ok       bool              `json:"ok"`
	Error    string            `json:"error"`
	Needed   string            `json:"needed"`
	Messages []json.RawMessage `json:"messages"`
	Metadata struct {
		Next string `json:"next_cursor"`
	} `json:"response_metadata"`
}

// readable returns the messages that can be read; one of ours always can.
func (p page) readable() []seen {
	var all []seen
	for _, raw := range p.Messages {
		var m seen
		if json.Unmarshal(raw, &m) == nil {
			all = append(all, m)
		}
	}
	return all
}

// readHistory calls conversations.history, of which slack-go reads whole messages.
func (c *Client) readHistory(ctx context.Context, query url.Values) (page, error) {
	body := url.Values{"token": {c.token}}
	maps.Copy(body, query)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"conversations.history", strings.NewReader(body.Encode()))
	if err != nil {
		return page{}, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := c.http.Do(r)
	if err != nil {
		return page{}, err
	}
	defer answer.Body.Close()
	if after, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && answer.StatusCode == http.StatusTooManyRequests {
		return page{}, &slackgo.RateLimitedError{RetryAfter: time.Duration(after) * time.Second}
	}
	if answer.StatusCode != http.StatusOK {
		return page{}, slackgo.StatusCodeError{Code: answer.StatusCode, Status: answer.Status}
	}
	var p page
	if err := json.NewDecoder(io.LimitReader(answer.Body, 64<<20)).Decode(&p); err != nil {
		return page{}, fmt.Errorf("read the answer: %w", err)
	}
	switch {
	case p.Error != "":
		return page{}, slackgo.SlackErrorResponse{Err: p.Error, Needed: p.Needed}
	case !p.Ok:
		return page{}, errEmpty
	}
	return p, nil
}
