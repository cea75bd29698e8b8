-- Delivered is only what the malware scanner has called clean.
-- Rspamd's own module asks the scanner and refuses what it finds, but a module that could not be set up, or was switched
-- off for a message, asks nobody and finds nothing. Here the scanner's word is needed: when anything breaks, mail waits.
-- Settings: /etc/rspamd/modules.local.d/estate.conf, section scan_guard.

local lua_util = require "lua_util"
local common = require "lua_scanners/common"

local N = 'scan_guard'
local CLEAN = 'CLAM_CLEAN'

-- The module hands over every verdict to be remembered. None is (see redis.conf); a clean one is noted on the message.
common.save_cache = function(task, _, _, verdict)
  if verdict == 'OK' then
    task:insert_result(CLEAN, 1.0)
  end
end

rspamd_config:register_symbol({
  name = CLEAN,
  type = 'virtual',
  parent = rspamd_config:register_symbol({
    name = 'SCAN_GUARD',
    type = 'postfilter',
    group = 'antivirus',
    description = 'The malware scanner has not spoken',
    score = 0.0,
    flags = 'empty,ignore_passthrough',
    priority = lua_util.symbols_priorities.high,
    callback = function(task)
      local action = task:get_metric_action()
      if action ~= 'reject' and action ~= 'soft reject' and not task:has_symbol(CLEAN) then
        task:set_pre_result('soft reject', 'The malware scanner has not answered, try again later', N)
      end
    end,
  }),
  group = 'antivirus',
  description = 'The malware scanner found nothing',
  score = 0.0,
})
