-- Nobody writes in another's name: not from outside in a name of ours, and not from inside in a colleague's. And who
-- writes in an agency's name is told to those inside.
-- DMARC does not do this. It believes SPF, it knows nothing of who signed in, and a missing record switches it off.
-- Settings: /etc/rspamd/modules.local.d/estate.conf, section sender_policy.

local rspamd_util = require "rspamd_util"
local lua_util = require "lua_util"

local N = 'sender_policy'
local SPOOFED = 'SPOOFED_LOCAL_AUTHOR'
local MISMATCH = 'AUTHOR_NOT_SENDER'
local SENT_BY = 'Congvu-Sent-By'

local settings = rspamd_config:get_all_opt(N)
local ours = lua_util.list_to_hash(settings.domains)

-- Returns the estate's domain that a domain is, or lies in.
local function our_domain(domain)
  domain = domain:lower()
  while domain do
    if ours[domain] then
      return domain
    end
    domain = domain:match('^[^.]+%.(.+)$')
  end
end

-- Returns every address of every From header, and how many of these headers there are. RFC 5322 allows one;
-- a reader may show another one than we have checked.
local function authors(task)
  local headers = task:get_header_full('From') or {}
  local addresses = {}
  for _, header in ipairs(headers) do
    for _, address in ipairs(rspamd_util.parse_mail_address(header.value, task:get_mempool()) or {}) do
      table.insert(addresses, address)
    end
  end
  return addresses, #headers
end

-- Returns whether that domain of ours signed the message, and the signature holds.
local function signed_by(task, domain)
  local trace = (task:get_symbol('DKIM_TRACE') or {})[1]
  for _, result in ipairs(trace and trace.options or {}) do
    if result:lower() == domain .. ':+' then
      return true
    end
  end
  return false
end

local function is_inside(task)
  local ip = task:get_from_ip()
  return task:get_user() ~= nil or (ip and ip:is_valid() and ip:is_local())
end

local function refuse(task, symbol, detail, message)
  task:insert_result(symbol, 1.0, detail)
  task:set_pre_result('reject', message, N)
end

if settings.refuse_spoofed then
  rspamd_config:register_symbol({
    name = SPOOFED,
    group = 'policies',
    description = 'From outside, but written in a domain of ours and not signed by it',
    score = 0.0,
    flags = 'ignore_passthrough',
    callback = function(task)
      if is_inside(task) then
        return
      end
      for _, author in ipairs((authors(task))) do
        local domain = our_domain(author.domain or '')
        if domain and not signed_by(task, domain) then
          return refuse(task, SPOOFED, author.addr, 'Letters of this domain do not come from outside')
        end
      end
    end,
  })
  rspamd_config:register_dependency(SPOOFED, 'DKIM_CHECK')
end

if settings.match_author then
  rspamd_config:register_symbol({
    name = MISMATCH,
    group = 'policies',
    description = 'Whoever signed in writes in another name than they send as',
    score = 0.0,
    flags = 'ignore_passthrough',
    callback = function(task)
      if not task:get_user() then
        return
      end
      local addresses, headers = authors(task)
      if headers == 0 then
        return -- the mail server adds the sender's
      end
      local sender = (task:get_from('smtp') or {})[1]
      if not sender or sender.addr == '' then
        -- Receipts have no sender (RFC 8098, 3.1): they are told by their type.
        local mtype, subtype = task:get_parts()[1]:get_type()
        if mtype == 'multipart' and subtype == 'report' then
          return
        end
        return refuse(task, MISMATCH, 'no sender', 'A letter needs a sender')
      end
      if headers ~= 1 or #addresses ~= 1 or addresses[1].addr:lower() ~= sender.addr:lower() then
        return refuse(task, MISMATCH, sender.addr, 'The author (From) is not the address you send as')
      end
    end,
  })
end

-- A staff number, which never changes, and no name. What came along is nobody's word; between our own machines it is ours.
-- It is not signed: the mail server takes it off where a letter leaves the estate.
if settings.tell_sender then
  rspamd_config:register_symbol({
    name = 'SENT_BY',
    type = 'idempotent',
    callback = function(task)
      local user = task:get_user()
      if user then
        task:set_milter_reply({ remove_headers = { [SENT_BY] = 0 }, add_headers = { [SENT_BY] = user } })
      elseif not is_inside(task) then
        task:set_milter_reply({ remove_headers = { [SENT_BY] = 0 } })
      end
    end,
  })
end
