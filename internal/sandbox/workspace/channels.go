package workspace

import "slices"

// OpenDM returns the bot's direct message with a person, opened when there is none.
func (w *Workspace) OpenDM(user string) *Channel {
	ch := w.DMWith(user)
	w.AddChannel(ch)
	return ch
}

// DMWith returns that direct message as it is, or would be.
func (w *Workspace) DMWith(user string) *Channel {
	if ch := w.FindDM(user); ch != nil {
		return ch
	}
	return &Channel{
		ID: w.NewID("D"), IM: user, Private: true, Creator: BotUser,
		Created: w.Now().Unix(), Members: []string{user, BotUser},
	}
}

// AddChannel makes sure that a channel is there.
func (w *Workspace) AddChannel(ch *Channel) {
	if w.Channel(ch.ID) == nil {
		w.Channels = append(w.Channels, ch)
	}
}

// CreateChannel opens a channel with its creator as the only member.
func (w *Workspace) CreateChannel(name string, private bool, by string) *Channel {
	ch := &Channel{
		ID: w.NewID("C"), Name: name, Private: private, Creator: by,
		Created: w.Now().Unix(), Members: []string{by},
	}
	w.Channels = append(w.Channels, ch)
	w.postSystemLine(ch, by, "channel_join", "<@"+by+"> has joined the channel")
	return ch
}

// postSystemLine adds one of the lines by which Slack records what happened to a channel.
func (w *Workspace) postSystemLine(ch *Channel, by, subtype, text string) {
	w.Post(ch, &Message{User: by, Subtype: subtype, Text: text})
}

// RenameChannel gives a channel a new name, or says by Slack's code why not.
func (w *Workspace) RenameChannel(ch *Channel, name, by string) string {
	if code := NameProblem(name); code != "" {
		return code
	}
	if other := w.ChannelNamed(name); other != nil && other != ch {
		return "name_taken"
	}
	ch.Previous = append(ch.Previous, ch.Name)
	w.postSystemLine(ch, by, "channel_name", "has renamed the channel from \""+ch.Name+"\" to \""+name+"\"")
	ch.Name = name
	w.touch(ch)
	w.events.renamed(ch)
	return ""
}

// ArchiveChannel takes a channel out of use. A private one keeps its members, a
// public one does not (slack.com/help/articles/213185307, "Unarchive a channel").
func (w *Workspace) ArchiveChannel(ch *Channel, by string) {
	w.postSystemLine(ch, by, "channel_archive", "archived the channel")
	ch.Archived = true
	w.touch(ch)
	w.events.archived("archive", ch, by)
	if !ch.Private {
		ch.Members = []string{}
	}
}

// Join makes user a member; by is who invited, or "".
func (w *Workspace) Join(ch *Channel, user, by string) {
	ch.Members = append(ch.Members, user)
	text := "<@" + user + "> has joined the channel"
	if by != "" {
		text = "<@" + user + "> was added to the channel by <@" + by + ">"
	}
	w.postSystemLine(ch, user, "channel_join", text)
	w.events.joined(ch, user, by)
}

// Leave takes a member out of a channel.
func (w *Workspace) Leave(ch *Channel, user string) {
	w.postSystemLine(ch, user, "channel_leave", "<@"+user+"> has left the channel")
	ch.Members = slices.DeleteFunc(slices.Clone(ch.Members), func(id string) bool { return id == user })
}

// UnarchiveChannel takes a channel back into use, with who did it as a member.
func (w *Workspace) UnarchiveChannel(ch *Channel, by string) {
	ch.Archived = false
	w.touch(ch)
	if !ch.HasMember(by) {
		ch.Members = append(ch.Members, by)
	}
	w.events.archived("unarchive", ch, by)
	w.postSystemLine(ch, by, "channel_unarchive", "unarchived the channel")
}

// SetTopic gives a channel a topic.
func (w *Workspace) SetTopic(ch *Channel, text, by string) {
	w.setText(ch, &ch.Topic, "topic", text, by)
}

// SetPurpose gives a channel a purpose.
func (w *Workspace) SetPurpose(ch *Channel, text, by string) {
	w.setText(ch, &ch.Purpose, "purpose", text, by)
}

func (w *Workspace) setText(ch *Channel, field *channelText, name, text, by string) {
	if field.Value == text {
		return
	}
	*field = channelText{Value: text, Creator: by, LastSet: w.Now().Unix()}
	w.touch(ch)
	w.postSystemLine(ch, by, "channel_"+name, "set the channel "+name+": "+text)
}

// touch notes that a channel has changed now.
func (w *Workspace) touch(ch *Channel) { ch.Updated = w.Now().UnixMilli() }

// AddBookmark puts a link over a channel's messages.
func (w *Workspace) AddBookmark(ch *Channel, title, link, emoji string) Bookmark {
	b := Bookmark{
		ID: w.NewID("Bk"), Channel: ch.ID, Title: title, Link: link, Emoji: emoji, Type: "link", Created: w.Now().Unix(),
	}
	ch.Bookmarks = append(ch.Bookmarks, b)
	return b
}
